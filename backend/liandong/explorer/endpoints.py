"""The contracts in Sourcify's repository form (``/repository``), for explorers of any origin."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header, Path, Request, Response

from liandong.access.operations import Operations
from liandong.chain.errors import ChainError, NodeRefused, NodeUnreachable
from liandong.explorer.repository import NotPublished, PublishedContracts
from liandong.http.errors import NotFound, NotReady
from liandong.http.problems import refusals

router = Operations(tags=["explorer"])

OPEN = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""An explorer is another origin. What is published is public; nothing else of the server is open so."""

LASTING, CHECKED = "public, max-age=31536000, immutable", "public, no-cache"
"""A source's name is its hash. A development chain can be deployed anew, to the same addresses."""


@router.get(
    "/repository/contracts/{match}/{chain_id}/{address}/{file:path}", operation_id="get_published_file",
    response_class=Response,
    responses=refusals(NotFound, NotReady) | {
        200: {"description": "The file", "content": {
            "application/json": {"schema": {"type": "object"}}, "text/plain": {"schema": {"type": "string"}},
        }},
        304: {"description": "As the caller has it (If-None-Match)"},
    },
)  # fmt: skip
def get_published_file(
    request: Request,
    match: Annotated[str, Path(examples=["full_match"])],
    chain_id: Annotated[str, Path(examples=["31337"])],
    address: Annotated[str, Path(examples=["0x91332a12E07dfe2ab164ef36Dc00f2a0BCC5f2aa"])],
    file: Annotated[str, Path(examples=["metadata.json"], description="`metadata.json` or `sources/HASH`.")],
    if_none_match: Annotated[str | None, Header(max_length=1000)] = None,
) -> Response:
    """A contract's metadata or one of its sources, where the contract on chain is an exact match of them.

    The form is that of Sourcify's repository, so that an explorer shows the contracts as verified.
    """
    contracts: PublishedContracts = request.app.state.published_contracts
    try:
        found = contracts.file(match, chain_id, address, file)
    except NotPublished as error:
        raise NotFound(str(error), OPEN) from None
    except (NodeUnreachable, NodeRefused) as error:
        raise NotReady("the chain's node does not answer as it should", OPEN) from error
    except ChainError as error:
        raise NotReady(str(error), OPEN) from error
    headers = OPEN | {"ETag": found.etag, "Cache-Control": LASTING if found.lasting else CHECKED}
    known = {one.strip().removeprefix("W/") for one in (if_none_match or "").split(",")}
    if found.etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(found.text, media_type=found.media_type, headers=headers)
