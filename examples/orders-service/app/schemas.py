"""What goes over the wire."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from app.models import OrderStatus


class OrderLineIn(BaseModel):
    sku: str = Field(max_length=32)
    quantity: int = Field(gt=0)
    unit_price_cents: int = Field(ge=0)


class OrderIn(BaseModel):
    customer: str = Field(max_length=120)
    lines: list[OrderLineIn] = Field(min_length=1)


class OrderOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    customer: str
    status: OrderStatus
    total_cents: int
    created_at: datetime
    updated_at: datetime
