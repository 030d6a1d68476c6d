"""The service does not start where another program listens."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from bot.serve import check_ports
from bot.settings import SettingsError, load_settings
from bot.texts import say
from tests.support.processes import free_port


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", ["PASSAGE_PORT", "PASSAGE_DESK_PORT"])
def test_a_port_on_which_somebody_listens_is_named(
    tmp_path: Path, language: str, name: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ports = {"PASSAGE_PORT": str(free_port()), "PASSAGE_DESK_PORT": str(free_port())}
        demo = {"PASSAGE_DEMO": "1", "PASSAGE_LANG": language, "PASSAGE_HOME": str(tmp_path)}
        settings = load_settings({**demo, **ports, name: str(port)})
        with pytest.raises(SettingsError) as refused:
            check_ports(settings)
    assert str(refused.value) == say(language, "settings.port_taken", name=name, port=port)
    check_ports(settings)
