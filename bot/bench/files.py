"""A language model in files: what it is asked is written down, what it answers is read.

The name of a prompt's file holds a digest of the prompt, so that an answer counts for that very
prompt alone.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from adapters.model.client import NoReply, Reply
from planner.model.prompt import Prompt

_CHARACTERS_A_TOKEN = 3


@dataclass(slots=True)
class FileModel:
    """The model of one case's conversation."""

    case: str
    out: Path | None
    """Where prompts without an answer are written; None: nowhere."""
    answers: Path | None
    asked: int = 0
    waiting: int = 0
    """Prompts without an answer."""
    name: str = "files"
    resting: bool = False

    async def close(self) -> None:
        """Files are closed already."""

    def unshaped(self) -> None:
        """The shape of an answer from a file is nobody's fault."""

    async def ask(self, prompt: Prompt, seconds: float) -> Reply:  # noqa: ARG002 - a file is there
        """The answer in a file of the prompt's name.

        Raises:
            NoReply: there is none yet; the prompt is written.
        """
        self.asked += 1
        told = {"messages": list(prompt.messages), "schema": prompt.schema}
        text = json.dumps(told, ensure_ascii=False, indent=2)
        digest = hashlib.sha256(text.encode()).hexdigest()[:8]
        name = f"{_safe(self.case)}.{self.asked}.{digest}"
        found = self._answer(name)
        if found is None:
            self.waiting += 1
            if self.out is not None:
                (self.out / f"{name}.json").write_text(text + "\n", encoding="utf-8")
            raise NoReply("waiting")
        sent = sum(len(message["content"]) for message in prompt.messages)
        return Reply(found, sent // _CHARACTERS_A_TOKEN, len(found) // _CHARACTERS_A_TOKEN)

    def _answer(self, name: str) -> str | None:
        places = sorted(self.answers.glob(f"{name}*")) if self.answers is not None else []
        return places[0].read_text(encoding="utf-8") if places else None


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in name)
