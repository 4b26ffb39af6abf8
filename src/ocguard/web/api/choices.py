"""What a request for a protection may choose: the options of ``ocguard protect``, without paths.

Whatever would make the server read a file of its own (a logo, a font, a preset or a platform
profile by its path) cannot be said here; looks and profiles are chosen by name.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from ocguard.choices import Edge, FileFormat, Strength, VisibleLayout

__all__ = ["ProtectChoices"]

Text = Annotated[str, Field(max_length=500)]
Percent = Annotated[float, Field(gt=0, le=100)]
PresetName = Annotated[str, Field(pattern="^[a-z0-9][a-z0-9_-]{0,39}$")]
PlatformName = Annotated[str, Field(pattern="^[a-z0-9][a-z0-9_+-]{0,99}$")]

_OTHER_NAMES: Final = {"format": "file_format", "for": "platforms"}


class ProtectChoices(BaseModel):
    """Options in the query of ``POST /v1/protect``; names as on the command line."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    visible: VisibleLayout | None = None
    text: Text | None = None
    qr: Text | None = None
    opacity: Percent | None = None
    size: Percent | None = None
    margin: Annotated[float, Field(ge=0, le=100)] | None = None
    color: Annotated[str, Field(pattern="^#[0-9A-Fa-f]{6}$")] | None = None
    edge: Edge | None = None
    vertical: bool | None = None
    preset: PresetName | None = None
    title: Text | None = None
    platform: Text | None = None
    strength: Strength | None = None
    recipient: Annotated[str, Field(max_length=200, pattern=r"\S")] | None = None
    format: FileFormat | None = None
    quality: Annotated[int, Field(ge=1, le=100)] | None = None
    platforms: list[PlatformName] = Field(default_factory=list, alias="for")
    private: bool | None = None
    dry_run: bool | None = Field(default=None, alias="dry-run")
    creator: Text | None = None
    notice: Text | None = None
    contact: Text | None = None
    terms_url: Text | None = Field(default=None, alias="terms-url")
    usage_terms: Text | None = Field(default=None, alias="usage-terms")
    constraints: Text | None = None
    data_mining: Text | None = Field(default=None, alias="data-mining")
    digital_source: Text | None = Field(default=None, alias="digital-source")

    def options(self) -> dict[str, Any]:
        """Return what was said, as :class:`ocguard.workflows.protect.options.ProtectOptions`."""
        said = self.model_dump(exclude_defaults=True)
        return {_OTHER_NAMES.get(name, name): value for name, value in said.items()}
