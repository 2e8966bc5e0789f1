// The functions that a PAC file may call, as Chromium answers them. Written from the
// documentation of the format and from what Chromium was seen to answer: the table of
// conformance in docs/pac-conformance.md is checked against a running Chromium.
//
// dnsResolve, dnsResolveEx, myIpAddress, myIpAddressEx, isPlainHostName and alert are the
// host's (harness.js). They are called by their global names, as in a browser: a file that
// replaces one of them changes what the others answer.

function dnsDomainIs(host, domain) {
  // A plain comparison of the ends: without a leading dot evil-goto.com is in goto.com.
  return host.substring(host.length - domain.length) == domain;
}

function dnsDomainLevels(host) {
  return host.split(".").length - 1;
}

function localHostOrDomainIs(host, hostdom) {
  return host == hostdom || hostdom.substring(0, host.length + 1) == host + ".";
}

function shExpMatch(text, pattern) {
  // Dot, star and question mark are a shell's; everything else is a regular expression's.
  var translated = pattern.replace(/[.*?]/g, function (mark) {
    return mark === "." ? "\\." : mark === "*" ? ".*" : ".";
  });
  return new RegExp("^" + translated + "$").test(text);
}

function isValidIpAddress(text) {
  var quad = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  return quad !== null && quad[1] <= 255 && quad[2] <= 255 && quad[3] <= 255 && quad[4] <= 255;
}

function convert_addr(text) {
  return text.split(".").reduce(function (number, byte) {
    return (number << 8) | (byte & 255);
  }, 0);
}

function isInNet(host, network, mask) {
  if (!isValidIpAddress(network) || !isValidIpAddress(mask)) {
    return false;
  }
  var address = isValidIpAddress(host) ? host : dnsResolve(host);
  if (address == null) {
    return false;
  }
  var bits = convert_addr(mask);
  return (convert_addr(address) & bits) === (convert_addr(network) & bits);
}

function isResolvable(host) {
  return dnsResolve(host) != null;
}

function isResolvableEx(host) {
  return dnsResolveEx(host) != "";
}

var wdays = {SUN: 0, MON: 1, TUE: 2, WED: 3, THU: 4, FRI: 5, SAT: 6};
var months = {
  JAN: 0, FEB: 1, MAR: 2, APR: 3, MAY: 4, JUN: 5, JUL: 6, AUG: 7, SEP: 8, OCT: 9, NOV: 10, DEC: 11
};

function within(from, now, to) {
  return from <= to ? from <= now && now <= to : now <= to || now >= from;
}

function wallClock(date) {
  // The clock of Greenwich put into the local fields, one after the other: each step reads
  // what the last one left, so near the turn of a month it can go wrong, as in browsers.
  date.setFullYear(date.getUTCFullYear());
  date.setMonth(date.getUTCMonth());
  date.setDate(date.getUTCDate());
  date.setHours(date.getUTCHours());
  date.setMinutes(date.getUTCMinutes());
  date.setSeconds(date.getUTCSeconds());
  return date;
}

function weekdayRange() {
  var words = Array.prototype.slice.call(arguments);
  var gmt = words[words.length - 1] === "GMT" && words.pop() === "GMT";
  var first = words[0], last = words.length === 2 ? words[1] : first;
  if (!(first in wdays) || !(last in wdays)) {
    return false;
  }
  var now = new Date(), today = gmt ? now.getUTCDay() : now.getDay();
  var low = wdays[first], high = wdays[last];
  return low <= high ? low <= today && today <= high : today <= high || today >= low;
}

function dateRange() {
  var words = Array.prototype.slice.call(arguments);
  if (words.length === 0) {
    return false;
  }
  var gmt = words[words.length - 1] === "GMT" && words.pop() === "GMT";
  var now = new Date();
  if (words.length === 1) {
    var number = parseInt(words[0], 10);
    if (isNaN(number)) {
      return (gmt ? now.getUTCMonth() : now.getMonth()) === months[words[0]];
    }
    return number === (number < 32 ? (gmt ? now.getUTCDate() : now.getDate())
      : gmt ? now.getUTCFullYear() : now.getFullYear());
  }
  // The two ends begin as the ends of this year and are moved word by word, in the order in
  // which they stand: a month that is set on the 31st may run over into the next one.
  var half = words.length >> 1, year = now.getFullYear(), daysOnly = false;
  var from = new Date(year, 0, 1, 0, 0, 0), to = new Date(year, 11, 31, 23, 59, 59);
  for (var i = 0; i < words.length; i++) {
    var end = i < half ? from : to, value = parseInt(words[i], 10);
    if (isNaN(value)) {
      end.setMonth(words[i] in months ? months[words[i]] : -1);
    } else if (value < 32) {
      daysOnly = words.length <= 2;
      end.setDate(value);
    } else {
      end.setFullYear(value);
    }
  }
  if (daysOnly) {
    from.setMonth(now.getMonth());
    to.setMonth(now.getMonth());
  }
  return within(from, gmt ? wallClock(now) : now, to);
}

function timeRange() {
  var words = Array.prototype.slice.call(arguments);
  var gmt = words[words.length - 1] === "GMT" && words.pop() === "GMT";
  var now = new Date(), hour = gmt ? now.getUTCHours() : now.getHours();
  if (!gmt && words.length === 0) {
    return false;
  }
  if (words.length === 1) {
    return hour == words[0];
  }
  if (words.length === 2) {
    // Whole hours, both inclusive, and no way round midnight.
    return words[0] <= hour && hour <= words[1];
  }
  if (words.length !== 4 && words.length !== 6) {
    throw "timeRange: bad number of arguments";
  }
  var half = words.length >> 1, from = new Date(), to = new Date();
  if (half === 3) {
    from.setSeconds(words[2]);
    to.setSeconds(words[5]);
  }
  from.setHours(words[0]);
  from.setMinutes(words[1]);
  to.setHours(words[half]);
  to.setMinutes(words[half + 1]);
  // Without seconds the last minute counts to its end: both ends have the clock's own seconds.
  return within(from, gmt ? wallClock(now) : now, to);
}
