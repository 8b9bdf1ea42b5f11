"""The local settlement token through ape: compiled, deployed on the local chain and used."""

import pytest


@pytest.fixture
def token(project, accounts):
    return accounts[0].deploy(project.LocalToken, accounts[0])


def test_holder_can_pay(token, accounts):
    holder, payee = accounts[0], accounts[1]
    token.mint(holder, 1_00, sender=holder)
    receipt = token.transfer(payee, 40, sender=holder)
    assert [(log.to, log.value) for log in receipt.decode_logs(token.Transfer)] == [(payee, 40)]
    assert (token.balanceOf(holder), token.balanceOf(payee)) == (60, 40)
