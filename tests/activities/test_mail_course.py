"""A course sends through an outage; neither engine nor log learns whom it wrote to."""

import asyncio
import base64
import logging
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from temporalio import workflow
from temporalio.client import Client, WorkflowFailureError, WorkflowHandle
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.testing import TimeSkipper
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from tests.activities.outgoing import ADDRESS, KANA, NAME, PHONE, Office, a_message
from tests.mail_servers import Post, free_port, listening, mailer
from tests.stack import eventually
from worker import activities_of
from workflows.messages import SendMessage, SentMessage
from workflows.options import MESSAGE_REFUSED, send
from workflows.ports import MessagePort

QUEUE = "mail"
SECRETS = (NAME, KANA, ADDRESS, PHONE, "unknown here")


@workflow.defn(name="Tell")
class TellWorkflow:
    """Sends one message, as every course does."""

    @workflow.run
    async def run(self, message: SendMessage) -> SentMessage:
        sent: SentMessage = await workflow.execute_activity_method(
            MessagePort.send_message, message, **send(f"{message.kind} by {message.means}")
        )
        return sent


@pytest.fixture
async def port() -> int:
    return free_port()


@pytest.fixture
async def client(
    office: Office, env: TimeSkipper, threads: ThreadPoolExecutor, port: int
) -> AsyncIterator[Client]:
    """A client, and a worker that sends to a server which may be there or not."""
    worker = Worker(
        env.client,
        task_queue=QUEUE,
        workflows=[TellWorkflow],
        activities=list(activities_of(office.sending(mailer(port)))),
        activity_executor=threads,
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    async with worker:
        yield env.client


async def begin(
    client: Client, message: SendMessage
) -> WorkflowHandle[TellWorkflow, SentMessage]:
    return await client.start_workflow(
        TellWorkflow.run,
        message,
        id=f"tell/{message.case.case_id}",
        task_queue=QUEUE,
    )


async def everything_in(handle: WorkflowHandle[TellWorkflow, SentMessage]) -> str:
    """Return a history as text; these payloads are not sealed."""
    history = await handle.fetch_history()
    found = [event.SerializeToString().decode("utf-8", "replace") for event in history.events]
    return "\n".join(found)


async def test_an_outage_delays_a_mail_and_doubles_none(
    office: Office, client: Client, env: TimeSkipper, port: int
) -> None:
    """
    The engine tries again by itself; the ledger tells how often while it lasts.
    """
    message = a_message(office.case())
    handle = await begin(client, message)
    await eventually(lambda: asyncio.to_thread(office.not_sent))
    async with listening(Post(office.folder / "mail"), port) as post:
        await env.fast_forward(handle, timedelta(hours=1))
        sent = await handle.result()
    text = await everything_in(handle)

    assert sent.tries > 1
    assert [sent.message_id] == [each["Message-ID"] for each in post.mails()]
    assert [] == office.not_sent()
    assert message.kind in text
    assert [] == [secret for secret in SECRETS if secret in text]


async def test_a_refusal_ends_the_tries_and_tells_nothing_of_the_person(
    office: Office, client: Client, port: int, caplog: pytest.LogCaptureFixture
) -> None:
    """
    Servers repeat in their answers whom a mail is for; none of it is kept.
    """
    caplog.set_level(logging.DEBUG)
    # What another library says of what it heard is its own server's affair.
    caplog.handler.addFilter(lambda record: record.name != "mail.log")
    post = Post(office.folder / "mail", to_recipient=f"550 5.1.1 <{ADDRESS}> unknown here")
    async with listening(post, port):
        handle = await begin(client, a_message(office.case()))
        with pytest.raises(WorkflowFailureError) as caught:
            await handle.result()
    text = await everything_in(handle) + caplog.text
    text += "".join(str(vars(record)) for record in caplog.records)

    assert isinstance(caught.value.cause, ActivityError)
    assert isinstance(caught.value.cause.cause, ApplicationError)
    assert MESSAGE_REFUSED == caught.value.cause.cause.type
    assert "recipient_refused" in text
    coded = [base64.b64encode(secret.encode()).decode()[4:-4] for secret in SECRETS]
    assert [] == [secret for secret in (*SECRETS, *coded) if secret in text]
