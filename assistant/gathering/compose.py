"""Compose files: which lines each service stands in; parsed as nodes only, so tags build nothing and aliases stay unexpanded."""

import yaml

from assistant.gathering.repository import SourceFile
from assistant.gathering.services import Service

COMPOSE_LIMIT = 200_000
SERVICE_LIMIT = 200
_PLAIN_TAGS = "tag:yaml.org,2002:"


def services_of(file: SourceFile) -> tuple[tuple[Service, ...], str]:
    """The services of a compose file, and why it was refused where it was.

    Args:
        file: the compose file.
    """
    if len(file.source) > COMPOSE_LIMIT:
        return (), "it is too large for a compose file"
    try:
        root = yaml.compose(file.source, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return (), "it is no YAML that can be read"
    services = _value(root, "services") if isinstance(root, yaml.MappingNode) else None
    if not isinstance(services, yaml.MappingNode):
        return (), "it has no mapping `services`"
    found = [_service(file, key, node) for key, node in services.value[:SERVICE_LIMIT] if isinstance(key, yaml.ScalarNode)]
    if any(one is None for one in found):
        return (), "it holds tags or shapes that no compose service has"
    return tuple(one for one in found if one), ""


def _service(file: SourceFile, key: yaml.ScalarNode, node: yaml.Node) -> Service | None:
    if not isinstance(node, yaml.MappingNode) or not node.tag.startswith(f"{_PLAIN_TAGS}map"):
        return None
    image = _value(node, "image")
    written = image.value if isinstance(image, yaml.ScalarNode) else ""
    return Service(key.value, key.start_mark.line + 1, _last_line(file, node), file.path, written, _depends(node))


def _last_line(file: SourceFile, node: yaml.MappingNode) -> int:
    """The last line of a service: the mark of a block's end stands at the next token, blank lines and comments later."""
    last = node.end_mark.line + (1 if node.flow_style or node.end_mark.index >= len(file.source) else 0)
    last = min(last, file.count)
    while last > node.start_mark.line + 1 and file.lines[last - 1].strip()[:1] in ("", "#"):
        last -= 1
    return last


def _depends(node: yaml.MappingNode) -> tuple[str, ...]:
    depends = _value(node, "depends_on")
    if isinstance(depends, yaml.SequenceNode):
        return tuple(one.value for one in depends.value if isinstance(one, yaml.ScalarNode))
    if isinstance(depends, yaml.MappingNode):
        return tuple(key.value for key, _ in depends.value if isinstance(key, yaml.ScalarNode))
    return ()


def _value(node: yaml.Node, name: str) -> yaml.Node | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for key, value in pairs if isinstance(key, yaml.ScalarNode) and key.value == name), None)
