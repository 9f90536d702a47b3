"""What can be done with orders."""

import logging

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from app import outbox
from app.models import Order, OrderLine, OrderStatus
from app.schemas import OrderIn

logger = logging.getLogger("orders")


class OrderNotFound(LookupError):
    pass


class OrderClosed(ValueError):
    pass


async def create_order(session: AsyncSession, data: OrderIn) -> Order:
    order = Order(customer=data.customer, lines=[OrderLine(**line.model_dump()) for line in data.lines])
    session.add(order)
    await outbox.record(session, "order.created", order)
    await session.commit()
    logger.info("order %s created for %s", order.id, order.customer)
    return order


async def get_order(session: AsyncSession, order_id: int) -> Order:
    order = await session.scalar(select(Order).where(Order.id == order_id).options(selectinload(Order.lines)))
    if order is None:
        raise OrderNotFound(f"no order {order_id}")
    return order


async def close_order(session: AsyncSession, order_id: int, status: OrderStatus) -> Order:
    """Ship or cancel an open order."""
    order = await get_order(session, order_id)
    if order.status != OrderStatus.OPEN:
        raise OrderClosed(f"order {order_id} is already {order.status}")
    logger.info("order %s: %s -> %s", order.id, order.status, status)
    order.status = status
    await outbox.record(session, f"order.{status}", order)
    await session.commit()
    return order
