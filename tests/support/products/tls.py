"""A TLS server of the test's own, and who signed for it when a proxy stands between."""

import socket
import ssl
import threading
from contextlib import contextmanager

from cryptography import x509

from callgate.lab.authority import Authority
from callgate.netns.stepping import inside
from tests.support import hosts

ORIGIN = "Origin"
PORT = 3128
#: Names that may stand in TLS: no addresses, no trailing dot (RFC 6066 section 3).
HOSTS = tuple(
    host
    for host in hosts.EVERY
    if not host.endswith(".") and not host.startswith("[") and not host[0].isdigit()
)


@contextmanager
def origin(namespace, folder):
    """A TLS server on port 443 of the namespace's loopback."""
    identity = Authority(folder, ORIGIN).issue("origin", "origin.test")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(identity.certificate, identity.key)
    with inside(namespace.path):
        listener = socket.create_server(("127.0.0.1", 443))
    threading.Thread(target=_greet, args=(listener, tls), daemon=True).start()
    yield
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def _greet(listener, tls):
    """Complete a handshake with whoever comes."""
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_shake, args=(connection, tls), daemon=True).start()


def _shake(connection, tls):
    connection.settimeout(20)
    try:
        with tls.wrap_socket(connection, server_side=True) as secured:
            secured.recv(1)
    except OSError:
        connection.close()


def issuer(namespace, name):
    """Who signed for a name that stands in TLS only: CONNECT says an address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with namespace.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
        connection.settimeout(20)
        connection.connect(("127.0.0.1", PORT))
        connection.sendall(b"CONNECT 127.0.0.1:443 HTTP/1.1\r\nHost: 127.0.0.1:443\r\n\r\n")
        assert b" 200 " in connection.recv(4096)
        with context.wrap_socket(connection, server_hostname=name) as secured:
            found = x509.load_der_x509_certificate(secured.getpeercert(binary_form=True))
    return found.issuer.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value
