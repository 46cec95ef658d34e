"""Work beside the screens. It belongs to the app: a screen's own workers end with the screen."""

from __future__ import annotations

from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from textual.app import App
from textual.worker import Worker, WorkerCancelled, WorkerFailed


def work(
    app: App[None], job: Coroutine[Any, Any, None], group: str, *, exclusive: bool = False
) -> Worker[None]:
    """Start a job; with `exclusive` it takes the place of the one that runs in its group."""
    return app.run_worker(job, group=group, exclusive=exclusive, exit_on_error=False)


def stop(worker: Worker[None] | None) -> None:
    """Cancel a worker, if there is one."""
    if worker is not None:
        worker.cancel()


async def end(worker: Worker[None] | None) -> None:
    """Stop a job, and wait until it has put in order what it leaves behind."""
    if worker is not None and not worker.is_finished:
        worker.cancel()
        with suppress(WorkerCancelled, WorkerFailed):
            await worker.wait()
