"""The E-models against what others have published, and each other's parameters."""

import pytest

from callgate.quality import CODECS, fullband, g107, mos, narrowband
from callgate.quality.codecs import Scale

PLAIN, CONCEALED = CODECS["g711"], CODECS["g711-plc"]
OPUS = CODECS["opus-40k"]


@pytest.mark.parametrize(
    ("r", "score"),
    # ITU-T G.107 table B.1, and the MOS of the model's default values.
    [(90, 4.34), (80, 4.03), (70, 3.60), (60, 3.10), (50, 2.58), (93.2, 4.41), (0, 1), (100, 4.5)],
)
def test_mos_as_published(r, score):
    # The table rounds up: 4.024 stands there as 4.03.
    assert mos(r) == pytest.approx(score, abs=0.007)


def test_the_mos_ends_where_its_scale_does():
    assert mos(-20) == mos(3) == 1.0
    assert mos(140) == 4.5


def test_a_perfect_call_has_the_published_rating():
    perfect = narrowband(CONCEALED, 0, 0)
    assert round(perfect.r, 1) == 93.2
    assert round(perfect.mos, 2) == 4.41


def test_parts_of_the_model_as_another_implementation_has_them():
    # Constants in the mean opinion score calculator of an independent test bed.
    assert g107.noise() == pytest.approx(-61.17921438624169, abs=1e-12)
    assert g107.simultaneous(500) == pytest.approx(1.4135680813438616, abs=1e-12)


@pytest.mark.parametrize("delay", [25, 50, 100, 150, 200, 250, 300])
def test_delay_costs_what_the_known_approximation_says(delay):
    # R. G. Cole and J. H. Rosenbluth, "Voice over IP performance monitoring" (2001).
    approximation = 0.024 * delay + 0.11 * max(0, delay - 177.3)
    assert g107.delayed(delay) == pytest.approx(approximation, abs=0.5)


@pytest.mark.parametrize(
    ("codec", "loss", "equipment"),
    # Ie,eff at the percentage of loss that halves what is left is half of the scale.
    [(PLAIN, 0.043, 47.5), (CONCEALED, 0.251, 47.5), (PLAIN, 0, 0)],
)
def test_loss_costs_by_the_robustness_of_the_codec(codec, loss, equipment):
    assert narrowband(codec, 0, 0).r - narrowband(codec, 0, loss).r == pytest.approx(equipment)


@pytest.mark.parametrize(
    ("name", "score"),
    # Computed by hand from the formula and the published values, 5 % lost.
    [("opus-25k", 3.26), ("opus-40k", 3.36)],
)
def test_the_full_band(name, score):
    assert fullband(CODECS[name], 0, 0.05).mos == pytest.approx(score, abs=0.005)


def test_a_perfect_call_over_the_full_band_lacks_only_what_coding_costs():
    assert fullband(OPUS, 60, 0).r == pytest.approx(148 - 10.7)


def test_delay_costs_more_points_on_the_longer_scale():
    # By hand: X = log2(3), Idd = 25 (16.85^(1/6) - 3 · 1.0217^(1/6) + 2) = 14.76.
    wide = fullband(OPUS, 100, 0).r - fullband(OPUS, 300, 0).r
    assert wide == pytest.approx(1.48 * 14.76, abs=0.01)


def test_losses_in_bursts_cost_by_the_burst_ratio():
    # 5 % in bursts twice as long: 95 · 5 / (5 / 2 + 4.3).
    found = narrowband(PLAIN, 0, 0).r - narrowband(PLAIN, 0, 0.05, 2.0).r
    assert found == pytest.approx(95 * 5 / 6.8)


def test_bursts_are_worse_where_a_codec_has_values_for_them():
    single, bursts = (fullband(OPUS, 60, 0.05, ratio) for ratio in (1.0, 1.5))
    assert bursts.mos < single.mos
    assert any("losses in bursts" in str(each) for each in bursts.parameters)
    evs = CODECS["evs-24k4"]
    assert fullband(evs, 60, 0.05, 9).r == fullband(evs, 60, 0.05, 1).r


def test_the_parameters_are_told_with_their_sources():
    texts = [str(each) for each in narrowband(CONCEALED, 80, 0.03, 1.2).parameters]
    assert texts[:3] == ["T 80 ms (measured)", "Ppl 3 % (measured)", "BurstR 1.2 (measured)"]
    assert "Bpl 25.1 (g711-plc: ITU-T G.113 appendix I)" in texts
    assert narrowband(CONCEALED, 80, 0.03).model == "ITU-T G.107 (narrowband)"
    texts = [str(each) for each in fullband(OPUS, 80, 0.03).parameters]
    assert any(text.startswith("Bpl 9.8 (opus-40k, losses one by one: Alahmadi") for text in texts)


def test_a_codec_of_another_scale_is_refused():
    with pytest.raises(ValueError, match="opus-40k has no values for the narrowband"):
        narrowband(OPUS, 0, 0)
    with pytest.raises(ValueError, match="g711 has no values for the fullband"):
        fullband(PLAIN, 0, 0)


@pytest.mark.parametrize("name", CODECS)
def test_every_codec_says_where_its_values_come_from(name):
    codec = CODECS[name]
    assert codec.name == name
    assert codec.source
    assert codec.standing
    rate = narrowband if codec.scale is Scale.NARROWBAND else fullband
    assert 1 < rate(codec, 50, 0.01).mos < 4.5
