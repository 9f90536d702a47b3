from collections.abc import AsyncIterator

import pytest
from httpx import ASGITransport, AsyncClient
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import SessionLocal, engine
from app.main import app
from app.models import Order
from app.schemas import OrderIn
from app.services import create_order


@pytest.fixture(autouse=True)
async def clean_tables() -> AsyncIterator[None]:
    yield
    async with engine.begin() as connection:
        await connection.execute(text("TRUNCATE orders, order_lines, outbox_events RESTART IDENTITY"))


@pytest.fixture
async def session() -> AsyncIterator[AsyncSession]:
    async with SessionLocal() as session:
        yield session


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://orders.test") as client:
        yield client


@pytest.fixture
def two_books() -> OrderIn:
    return OrderIn.model_validate({"customer": "Ada", "lines": [{"sku": "BOOK-1", "quantity": 2, "unit_price_cents": 1250}]})


@pytest.fixture
async def open_order(two_books: OrderIn) -> Order:
    """An order that some earlier request has made."""
    async with SessionLocal() as session:
        return await create_order(session, two_books)
