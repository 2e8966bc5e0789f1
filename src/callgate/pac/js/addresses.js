// IP addresses as a PAC file's host reads them: bytes, or null for what is none.
(function () {
  "use strict";
  const apply = Reflect.apply;
  const split = String.prototype.split, exec = RegExp.prototype.exec;
  const slice = String.prototype.slice, trim = String.prototype.trim;
  const indexOf = String.prototype.indexOf, push = Array.prototype.push;
  const sort = Array.prototype.sort, join = Array.prototype.join, number = Number;
  const DECIMAL = /^[0-9]{1,3}$/, GROUP = /^[0-9a-fA-F]{1,4}$/;
  const OCTAL = /^0[0-7]*$/, PLAIN = /^[1-9][0-9]*$/, HEX = /^0[xX][0-9a-fA-F]*$/;
  const LENGTH = /^[0-9]{1,3} ?$/;

  function matches(pattern, text) {
    return apply(exec, pattern, [text]) !== null;
  }
  function parts(text, mark) {
    return apply(split, text, [mark]);
  }
  function quad(text) {
    const bytes = parts(text, ".");
    if (bytes.length !== 4) {
      return null;
    }
    for (let i = 0; i < 4; i++) {
      if (!matches(DECIMAL, bytes[i]) || number(bytes[i]) > 255) {
        return null;
      }
      bytes[i] = number(bytes[i]);
    }
    return bytes;
  }
  function aton(text) {
    // One to four numbers, each decimal, octal or hexadecimal, as in a URL (WHATWG URL,
    // "IPv4 parser"); the last one fills the bytes that are left.
    const given = parts(text, ".");
    if (given.length > 4) {
      return null;
    }
    let value = 0;
    for (let i = 0; i < given.length; i++) {
      let part = given[i];
      if (matches(OCTAL, part)) {
        part = number("0o0" + part);
      } else if (matches(PLAIN, part)) {
        part = number(part);
      } else if (matches(HEX, part)) {
        part = part.length === 2 ? 0 : number(part);
      } else {
        return null;
      }
      const left = i === given.length - 1 ? 5 - given.length : 1;
      if (part >= 256 ** left) {
        return null;
      }
      value = value * 256 ** left + part;
    }
    return [value / 2 ** 24 & 255, value / 2 ** 16 & 255, value / 256 & 255, value % 256];
  }
  function groups(text, bytes) {
    if (text === "") {
      return true;
    }
    const given = parts(text, ":");
    for (let i = 0; i < given.length; i++) {
      const inner = i === given.length - 1 ? quad(given[i]) : null;
      if (inner !== null) {
        apply(push, bytes, inner);
      } else if (matches(GROUP, given[i])) {
        const value = number("0x" + given[i]);
        apply(push, bytes, [value >> 8, value & 255]);
      } else {
        return false;
      }
    }
    return true;
  }
  function v6(text) {
    const gap = apply(indexOf, text, ["::"]);
    const head = [], tail = [];
    if (!groups(gap < 0 ? text : apply(slice, text, [0, gap]), head)) {
      return null;
    }
    if (gap < 0) {
      return head.length === 16 ? head : null;
    }
    if (!groups(apply(slice, text, [gap + 2]), tail) || head.length + tail.length > 14) {
      return null;
    }
    while (head.length + tail.length < 16) {
      apply(push, head, [0]);
    }
    apply(push, head, tail);
    return head;
  }
  function bytesOf(text) {
    return apply(indexOf, text, [":"]) < 0 ? aton(text) : v6(text);
  }
  function mapped(bytes) {
    return bytes.length === 16 ? bytes : [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255,
      bytes[0], bytes[1], bytes[2], bytes[3]];
  }
  function isIn(address, prefix) {
    const slash = apply(indexOf, prefix, ["/"]);
    if (slash < 0 || !matches(LENGTH, apply(slice, prefix, [slash + 1]))) {
      return false;
    }
    const network = apply(slice, prefix, [0, slash]);
    let base = apply(indexOf, network, [":"]) < 0 ? quad(network) : v6(network);
    let bits = number(apply(slice, prefix, [slash + 1])), host = bytesOf(address);
    if (base === null || host === null || bits > base.length * 8) {
      return false;
    }
    if (base.length !== host.length) {
      bits += base.length === 4 ? 96 : 0;
      base = mapped(base);
      host = mapped(host);
    }
    for (let i = 0; i * 8 < bits; i++) {
      const mask = 255 << 8 - (bits - i * 8 < 8 ? bits - i * 8 : 8) & 255;
      if ((base[i] & mask) !== (host[i] & mask)) {
        return false;
      }
    }
    return true;
  }
  function order(one, other) {
    if (one.bytes.length !== other.bytes.length) {
      return other.bytes.length - one.bytes.length;
    }
    for (let i = 0; i < one.bytes.length; i++) {
      if (one.bytes[i] !== other.bytes[i]) {
        return one.bytes[i] - other.bytes[i];
      }
    }
    return 0;
  }
  function sorted(list) {
    // IPv6 before IPv4, each by value (the documentation of WinHTTP's extensions).
    const given = parts(list, ";"), found = [];
    for (let i = 0; i < given.length; i++) {
      const text = apply(trim, given[i], []);
      if (text === "") {
        continue;
      }
      const bytes = bytesOf(text);
      if (bytes === null) {
        return false;
      }
      apply(push, found, [{bytes, text}]);
    }
    if (found.length === 0) {
      return false;
    }
    apply(sort, found, [order]);
    const texts = [];
    for (let i = 0; i < found.length; i++) {
      apply(push, texts, [found[i].text]);
    }
    return apply(join, texts, [";"]);
  }
  function textOf(host) {
    // What a look-up of a literal answers: itself, IPv4 in its normal form.
    const bytes = bytesOf(host);
    return bytes === null ? null : bytes.length === 4 ? apply(join, bytes, ["."]) : host;
  }
  return {isIn, sorted, textOf};
})
