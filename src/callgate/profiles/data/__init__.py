"""The profiles that come with Callgate, as data files."""
