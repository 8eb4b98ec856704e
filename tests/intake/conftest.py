from tests.store.formats.conftest import city, declared, exported  # noqa: F401
