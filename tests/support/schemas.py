"""What of a JSON Schema a program relies on."""


def shape(schema: object) -> object:
    """A schema without its words: what a program that reads the output relies on."""
    if isinstance(schema, dict):
        return {
            key: shape(value)
            for key, value in schema.items()
            if key not in {"description", "title"} or isinstance(value, dict)
        }
    return [shape(each) for each in schema] if isinstance(schema, list) else schema
