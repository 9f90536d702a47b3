from httpx import AsyncClient

from app.db import SessionLocal
from app.models import Order, OrderStatus
from app.schemas import OrderIn


async def test_create_order(client: AsyncClient, two_books: OrderIn) -> None:
    response = await client.post("/orders", json=two_books.model_dump())
    assert response.status_code == 201
    assert response.json()["total_cents"] == 2500
    assert response.json()["updated_at"] == response.json()["created_at"]


async def test_order_without_lines_is_refused(client: AsyncClient) -> None:
    response = await client.post("/orders", json={"customer": "Ada", "lines": []})
    assert response.status_code == 422


async def test_get_order(client: AsyncClient, open_order: Order) -> None:
    response = await client.get(f"/orders/{open_order.id}")
    assert response.json()["status"] == "open"


async def test_unknown_order(client: AsyncClient) -> None:
    response = await client.get("/orders/404")
    assert response.status_code == 404


async def test_ship_order(client: AsyncClient, open_order: Order) -> None:
    response = await client.post(f"/orders/{open_order.id}/ship")
    assert response.status_code == 200
    assert response.json()["status"] == "shipped"
    assert response.json()["updated_at"] > response.json()["created_at"]


async def test_closed_order_stays_closed(client: AsyncClient, open_order: Order) -> None:
    async with SessionLocal.begin() as session:
        (await session.get_one(Order, open_order.id)).status = OrderStatus.SHIPPED
    response = await client.post(f"/orders/{open_order.id}/cancel")
    assert response.status_code == 409
