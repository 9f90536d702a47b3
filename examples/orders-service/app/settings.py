"""What the environment (or a local .env) tells the service."""

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env")

    database_url: str
    payments_url: str
    payments_api_key: SecretStr


settings = Settings()
