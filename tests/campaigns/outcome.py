"""What a campaign found: counts, and the first things that went wrong."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Outcome:
    """`figures` are shown in the report; any entry in `failures` fails the campaign."""

    name: str
    seed: int
    figures: dict[str, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return not self.failures and bool(self.figures)

    def row(self) -> str:
        figures = ", ".join(f"{name} {count:,}" for name, count in self.figures.items())
        verdict = "passed" if self.passed else f"FAILED: {'; '.join(self.failures[:3])}"
        return f"| {self.name} | {self.seed} | {figures} | {verdict} |"
