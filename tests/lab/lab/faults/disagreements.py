"""Hold a truth against everything that the foreign programs see."""

from callgate.lab.faults import Path
from tests.lab.lab.faults.signs import Signs
from tests.lab.lab.faults.witness import ANSWERED, SILENT


def disagreements(witness, truth, family=4, answered=ANSWERED):
    """Paths for which somebody else's program does not see what the truth says."""
    signs = Signs(witness, family)
    paths = [path for path in Path if family == 4 or not path.proxied]
    truths = {path: truth.truth(path, family) for path in paths}
    trials, others = {}, {}
    for path, each in truths.items():
        dead = each is not None and each.blocked
        trials[path.value] = witness.trial(path, family, SILENT if dead else answered)
        for number, more in enumerate(signs.jobs(path, each) if each else []):
            others[f"{path} {number}"] = more
    found, packets = witness.run(trials | others)
    wrong = []
    for path, each in truths.items():
        trial = found[path.value]
        texts = [found[name]["text"] for name in others if name.split()[0] == path]
        if trial["matched"] == (each is not None and each.blocked):
            wrong.append(f"{path} ({each or 'works'}): {trial['text'][-600:]!r}")
        elif each is not None:
            unseen = signs.unseen(path, each, trial, texts, packets)
            wrong += [f"{path} ({each}): {unseen}"] if unseen else []
    return wrong
