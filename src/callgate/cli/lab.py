"""``callgate lab``: a vendor, a firewall and a client on this machine, and real calls."""

import click

from callgate.cli.lab_faults import faults_command
from callgate.cli.lab_quality import quality_command
from callgate.cli.lab_run import run_command
from callgate.cli.terminal import note
from callgate.netns import clean


@click.group("lab")
def command() -> None:
    """Place real calls through a configuration, in namespaces of their own."""


command.add_command(run_command)
command.add_command(faults_command)
command.add_command(quality_command)


@command.command("clean")
def clean_command() -> int:
    """Remove what a lab left that was killed. Labs that run are left alone."""
    for name in clean():
        note(f"removed {name}")
    return 0
