"""Events for other services, written in the transaction of the change they tell of."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Order, OutboxEvent


def order_payload(order: Order) -> dict[str, Any]:
    return {
        "order_id": order.id,
        "status": order.status,
        "total_cents": order.total_cents,
        "updated_at": order.updated_at.isoformat(),
    }


async def record(session: AsyncSession, name: str, order: Order) -> None:
    """Write down what happened to the order; the flush gives the payload its id."""
    await session.flush()
    session.add(OutboxEvent(name=name, payload=order_payload(order)))
