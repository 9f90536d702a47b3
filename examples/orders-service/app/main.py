"""The HTTP routes."""

from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncSession

from app import services
from app.db import get_session
from app.models import Order, OrderStatus
from app.schemas import OrderIn, OrderOut

app = FastAPI(title="orders")
Session = Annotated[AsyncSession, Depends(get_session)]


@app.exception_handler(services.OrderNotFound)
async def not_found(request: Request, error: services.OrderNotFound) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, status_code=404)


@app.exception_handler(services.OrderClosed)
async def conflict(request: Request, error: services.OrderClosed) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, status_code=409)


@app.post("/orders", response_model=OrderOut, status_code=201)
async def create_order(data: OrderIn, session: Session) -> Order:
    return await services.create_order(session, data)


@app.get("/orders/{order_id}", response_model=OrderOut)
async def get_order(order_id: int, session: Session) -> Order:
    return await services.get_order(session, order_id)


@app.post("/orders/{order_id}/ship", response_model=OrderOut)
async def ship_order(order_id: int, session: Session) -> Order:
    return await services.close_order(session, order_id, OrderStatus.SHIPPED)


@app.post("/orders/{order_id}/cancel", response_model=OrderOut)
async def cancel_order(order_id: int, session: Session) -> Order:
    return await services.close_order(session, order_id, OrderStatus.CANCELLED)
