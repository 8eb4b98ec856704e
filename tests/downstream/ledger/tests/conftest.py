import pytest


@pytest.fixture(scope="session")
def bank_data(sfbench_dataset):
    """One city for the whole session."""
    return sfbench_dataset("baseline", seed=11, tables=["loan", "loan_balance"])
