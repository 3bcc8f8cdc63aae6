"""`admin/scenarios`: the library of scenarios, for staff."""

from typing import Annotated, Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, Query, Router
from ninja.errors import HttpError

from server.api import scenario_schemas as schemas
from server.api.actions import uuid_or_404
from server.api.auth import STAFF, caller_of
from server.api.paging import Order, Paging, page_of
from server.api.problems import Invalid
from server.api.schemas import Page
from server.apps.test_scenarios.models import TestScenario
from server.apps.users.models import User, normal_email
from server.services.scenario_replay.freezing_elsewhere import CannotFreeze, freeze_elsewhere
from server.services.scenario_replay.library import NameTaken, add
from server.services.scenario_replay.reading import Faults, text_of

router = Router(tags=["admin"], auth=STAFF)

FILE = "the scenario"
"""What errors call a file that was sent without a name."""


def _after_name(key: list[Any]) -> Q:
    (name,) = key
    if not isinstance(name, str) or "\x00" in name:
        raise ValueError(name)
    return Q(name__gt=name)


BY_NAME = Order("admin/scenarios", ("name",), lambda row: [row.name], _after_name)


@router.get("", response=Page[schemas.ScenarioSummary])
def list_scenarios(request: HttpRequest, paging: Query[Paging]) -> Page[schemas.ScenarioSummary]:
    """The scenarios of the library, by name."""
    return page_of(
        TestScenario.objects.library().defer("content"), BY_NAME, paging, schemas.ScenarioSummary.of
    )


@router.post(
    "",
    response={201: schemas.ScenarioSummary, 200: schemas.ScenarioSummary},
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "A scenario file, format 1; `coach replay --schema` prints its JSON schema.",
            "content": {"application/json": {"schema": {"type": "object"}}},
        }
    },
)
def add_scenario(
    request: HttpRequest,
    replace: bool = False,
    file: Annotated[str, Field(max_length=255, description="What errors call the file.")] = FILE,
) -> tuple[int, schemas.ScenarioSummary]:
    """Keep a scenario file. 409 where there is one of that name, unless it is to be replaced: then 200."""
    try:
        text = text_of(request.body, file)
        added = add(text, file=file, added_by=caller_of(request).user.email, replace=replace)
    except Faults as faults:
        raise Invalid(["body"], *faults.lines) from faults
    except NameTaken as error:
        raise HttpError(409, str(error)) from error
    return 200 if added.has_replaced else 201, schemas.ScenarioSummary.of(added.row)


@router.post("/freeze", response={201: schemas.FrozenScenario})
def freeze_conversation(
    request: HttpRequest, order: schemas.FreezeOrder
) -> tuple[int, schemas.FrozenScenario]:
    """Make a scenario of a user's conversation, as `coach freeze` does, and keep it.

    409 where there is one of that name, unless it is to be replaced. 422 says why there can be none.
    """
    if not User.objects.filter(email=normal_email(order.email)).exists():
        raise Invalid(["body", "email"], f"No user has the email {order.email!r}.")
    try:
        frozen = freeze_elsewhere(
            order.email,
            name=order.name,
            real_names=order.real_names,
            replace=order.replace,
            added_by=caller_of(request).user.email,
        )
    except CannotFreeze as error:
        raise HttpError(422, str(error)) from error
    except NameTaken as error:
        raise HttpError(409, str(error)) from error
    row = TestScenario.objects.get(id=frozen.id)
    return 201, schemas.FrozenScenario(scenario=schemas.ScenarioSummary.of(row), remarks=frozen.remarks)


@router.get("/{scenario_id}", response=schemas.Scenario)
def show_scenario(request: HttpRequest, scenario_id: str) -> schemas.Scenario:
    """A scenario with its file."""
    return schemas.Scenario.of(_scenario(scenario_id))


@router.delete("/{scenario_id}", response={204: None})
def delete_scenario(request: HttpRequest, scenario_id: str) -> HttpResponse:
    """Take a scenario out of the library. Past replays of it stay."""
    _scenario(scenario_id).delete()
    return HttpResponse(status=204)


def _scenario(scenario_id: str) -> TestScenario:
    row = TestScenario.objects.library().filter(id=uuid_or_404(scenario_id)).first()
    if row is None:
        raise Http404
    return row
