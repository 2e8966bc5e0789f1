"""STUN as tests draw it, and the published vectors."""

from hypothesis import strategies as st

from callgate.stun import Address, ErrorCode, Kind, Message, Method
from callgate.stun import attributes as at
from callgate.stun.values import AddressError, IcmpError, PasswordAlgorithm

USER, REALM, PASSWORD = "マトリックス", "example.org", "TheMatrIX"
SHORT_TERM = b"VOkJxbRl1RmTxUk/WvJxBt"

#: RFC 5769 sections 2.1 to 2.4, and RFC 8489 appendix B.1 with erratum 6268's algorithm.
REQUEST = bytes.fromhex(
    "00010058 2112a442 b7e7a701bc34d686fa87dfae 80220010 5354554e207465737420636c69656e74"
    "00240004 6e0001ff 80290008 932ff9b151263b36 00060009 6576746a3a68367659202020"
    "00080014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2 80280004 e57a3bcf"
)
RESPONSE_V4 = bytes.fromhex(
    "0101003c 2112a442 b7e7a701bc34d686fa87dfae 8022000b 7465737420766563746f7220"
    "00200008 0001a147e112a643 00080014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7"
    "80280004 c07d4c96"
)
RESPONSE_V6 = bytes.fromhex(
    "01010048 2112a442 b7e7a701bc34d686fa87dfae 8022000b 7465737420766563746f7220"
    "00200014 0002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
    "00080014 a382954e4be67bf11784c97c8292c275bfe3ed41 80280004 c8fb0b4c"
)
LONG_TERM = bytes.fromhex(
    "00010060 2112a442 78ad3433c6ad72c029da412e"
    "00060012 e3839ee38388e383aae38383e382afe382b90000"
    "0015001c 662f2f3439396b39353464364f4c33346f4c39465354767936347341"
    "0014000b 6578616d706c652e6f726700 00080014 f67024656dd64a3e02b8e0712e85c9a28ca89666"
)
USERHASH = bytes.fromhex(
    "00010090 2112a442 78ad3433c6ad72c029da412e"
    "001e0020 4a3cf38fef6992bda952c6780417da0f24819415569e60b205c46e41407f1704"
    "00150029 6f624d61744a6f733241414143662f2f3439396b39353464364f4c33346f4c39465354767936347341"
    "000000 0014000b 6578616d706c652e6f726700 001d0004 00020000"
    "001c0020 b5c7bf005b6c52a21c51c5e892f81924136296cb927c43149309278cc6518e65"
)

transactions = st.binary(min_size=12, max_size=12)
addresses = st.builds(Address, st.ip_addresses().map(str), st.integers(0, 0xFFFF))
errors = st.builds(ErrorCode, st.integers(300, 699), st.text(max_size=60))
algorithms = st.builds(PasswordAlgorithm, st.integers(0, 0xFFFF), st.binary(max_size=9))
_FORMS = {
    at.PLAIN_ADDRESS: addresses,
    at.XOR_ADDRESS: addresses,
    at.ERROR: errors,
    at.ADDRESS_ERROR: st.builds(AddressError, st.sampled_from((1, 2)), errors),
    at.ICMP_ERROR: st.builds(
        IcmpError, st.integers(0, 127), st.integers(0, 511), st.binary(min_size=4, max_size=4)
    ),
    at.NUMBERS: st.lists(st.integers(0, 0xFFFF), max_size=9).map(tuple),
    at.ALGORITHMS: st.lists(algorithms, max_size=4).map(tuple),
    at.ALGORITHM: algorithms,
    at.FLAG: st.just(True),
    at.DATA.codec: st.binary(max_size=200),
    at.NONCE.codec: st.binary(max_size=60),
}
_BYTES = {at.USERHASH: 32, at.RESERVATION_TOKEN: 8}
_TEXTS = {at.USERNAME, at.REALM, at.SOFTWARE, at.ALTERNATE_DOMAIN}


def values(attribute):
    """Values that an attribute can have."""
    if attribute in _BYTES:
        return st.binary(min_size=_BYTES[attribute], max_size=_BYTES[attribute])
    if attribute in _TEXTS:
        return st.text(max_size=60)
    if attribute.codec in _FORMS:
        return _FORMS[attribute.codec]
    size = {at.EVEN_PORT: 1, at.CHANNEL_NUMBER: 2, at.ICE_CONTROLLED: 8, at.ICE_CONTROLLING: 8}
    single = {at.REQUESTED_ADDRESS_FAMILY, at.REQUESTED_TRANSPORT, at.ADDITIONAL_ADDRESS_FAMILY}
    return st.integers(0, 256 ** (1 if attribute in single else size.get(attribute, 4)) - 1)


contents = [each for each in at.KNOWN if each not in at.SEALS]
known_fields = st.sampled_from(contents).flatmap(lambda each: values(each).map(each))
unknown_fields = st.builds(
    at.Field,
    st.integers(0, 0xFFFF).filter(lambda number: number not in at.BY_NUMBER),
    st.binary(max_size=40),
)
fields = st.one_of(known_fields, known_fields, unknown_fields)
messages = st.builds(
    Message,
    st.sampled_from(Method),
    st.sampled_from(Kind),
    transactions,
    st.lists(fields, max_size=8).map(tuple),
)
