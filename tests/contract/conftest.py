"""Failing assertions of the contract explain themselves like those of a test module."""

import pytest

pytest.register_assert_rewrite("contract.workbook_contract")
