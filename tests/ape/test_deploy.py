"""The contracts deploy through ape onto the local chain, with the bytecode that ape compiled."""


def test_contracts_without_arguments_deploy(project, accounts, chain):
    containers = [project.get_contract(name) for name in project.contracts]
    plain = [
        container
        for container in containers
        if container.contract_type.deployment_bytecode.bytecode != "0x"
        and not container.contract_type.constructor.inputs
    ]
    assert plain, "ape found no contract that can be deployed without arguments"
    for container in plain:
        instance = accounts[0].deploy(container)
        code = chain.provider.get_code(instance.address)
        assert len(code) == len(container.contract_type.runtime_bytecode.bytecode.removeprefix("0x")) // 2
