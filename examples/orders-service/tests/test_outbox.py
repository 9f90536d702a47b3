import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import services
from app.models import Order, OrderStatus, OutboxEvent
from app.schemas import OrderIn


async def event_names(session: AsyncSession) -> list[str]:
    return list(await session.scalars(select(OutboxEvent.name).order_by(OutboxEvent.id)))


async def test_new_order_is_told(session: AsyncSession, two_books: OrderIn) -> None:
    await services.create_order(session, two_books)
    assert await event_names(session) == ["order.created"]


async def test_refused_change_is_not_told(session: AsyncSession, open_order: Order) -> None:
    with pytest.raises(services.OrderNotFound):
        await services.close_order(session, open_order.id + 1, OrderStatus.SHIPPED)
    assert await event_names(session) == ["order.created"]


async def test_cancelled_order_is_told(session: AsyncSession, open_order: Order) -> None:
    await services.close_order(session, open_order.id, OrderStatus.CANCELLED)
    assert await event_names(session) == ["order.created", "order.cancelled"]
