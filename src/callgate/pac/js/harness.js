// What stands between a PAC file and us. Evaluated first; gives a function that takes the
// settings, defines what a browser's host gives a PAC file, and returns how to ask.
//
// The file runs in the same world and may replace everything in it. So what is used after
// the file was loaded is kept in variables of this closure, and what is handed out is built
// from primitive strings: nothing of the file's own is converted, printed or walked through.
(function (settings, makeAddresses) {
  "use strict";
  const world = globalThis;
  const {isIn, sorted, textOf} = makeAddresses();
  const {dns, mine, now, ex, prefersEx, tracing, longest} = JSON.parse(settings);
  const text = JSON.stringify, apply = Reflect.apply, construct = Reflect.construct;
  const define = Object.defineProperty, has = Object.prototype.hasOwnProperty;
  const lower = String.prototype.toLowerCase, slice = String.prototype.slice;
  const StringOf = String, exec = RegExp.prototype.exec;
  const includes = String.prototype.includes, join = Array.prototype.join;
  const described = Object.getOwnPropertyDescriptor, isError = Error.isError;
  const errors = [RangeError, ReferenceError, SyntaxError, TypeError, EvalError, URIError,
    InternalError];
  const names = ["RangeError", "ReferenceError", "SyntaxError", "TypeError", "EvalError",
    "URIError", "InternalError"];
  const stackOf = described(Error.prototype, "stack").get;

  let missing = "", trace = "", alerts = "", full = false;

  function log(list, entry) {
    if (list.length + entry.length > longest) {
      full = true;
      return list;
    }
    return list === "" ? entry : list + "," + entry;
  }
  function lacks(what) {
    const entry = text(what);
    if (!apply(includes, missing, [entry])) {
      missing = log(missing, entry);
    }
  }

  function give(name, value) {
    define(world, name, {value, writable: true, configurable: true, enumerable: false});
  }

  // DNS: what the user's table says, and nothing else.
  function addresses(call, host) {
    const literal = textOf(host);
    if (literal !== null) {
      return [literal];
    }
    if (apply(exec, NAME, [host]) === null) {
      return [];
    }
    let name = apply(lower, host, []);
    if (name[name.length - 1] === ".") {
      name = apply(slice, name, [0, -1]);
    }
    if (apply(exec, LOCAL, [name]) !== null) {
      return ["::1", "127.0.0.1"];
    }
    if (apply(has, dns, [name])) {
      return dns[name];
    }
    for (let i = 0; i < name.length; i++) {
      const above = "*" + apply(slice, name, [i]);
      if (name[i] === "." && i > 0 && apply(has, dns, [above])) {
        return dns[above];
      }
    }
    if (apply(has, dns, ["*"])) {
      return dns["*"];
    }
    lacks(call + "(" + text(host) + ")");
    return [];
  }
  const NAME = /^[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?$/;
  const LOCAL = /^(.*\.)?localhost$/;
  function isV4(address) {
    return !apply(includes, address, [":"]);
  }
  function first(list) {
    for (let i = 0; i < list.length; i++) {
      if (isV4(list[i])) {
        return list[i];
      }
    }
    return null;
  }
  function joined(list) {
    let all = "";
    for (let i = 0; i < list.length; i++) {
      all += (i ? ";" : "") + list[i];
    }
    return all;
  }
  function own() {
    if (mine.length === 0) {
      lacks("myIpAddress()");
      return ["127.0.0.1"];
    }
    return mine;
  }

  give("dnsResolve", function dnsResolve(host) {
    return typeof host === "string" ? first(addresses("dnsResolve", host)) : null;
  });
  give("myIpAddress", function myIpAddress() {
    const all = own(), v4 = first(all);
    return v4 === null ? all[0] : v4;
  });
  give("isPlainHostName", function isPlainHostName(host) {
    if (typeof host !== "string") {
      throw new TypeError("isPlainHostName() takes a string");
    }
    return !apply(includes, host, ["."]) && textOf(host) === null;
  });
  give("alert", function alert(message) {
    alerts = log(alerts, text(typeof message === "string" ? message : ""));
  });
  const quiet = function () {};
  give("console", {log: quiet, info: quiet, warn: quiet, error: quiet, debug: quiet});
  if (ex) {
    give("dnsResolveEx", function dnsResolveEx(host) {
      return typeof host === "string" ? joined(addresses("dnsResolveEx", host)) : undefined;
    });
    give("myIpAddressEx", function myIpAddressEx() {
      return joined(own());
    });
    give("isInNetEx", function isInNetEx(address, prefix) {
      if (typeof address !== "string" || typeof prefix !== "string") {
        return null;
      }
      return isIn(address, prefix);
    });
    give("sortIpAddressList", function sortIpAddressList(list) {
      return typeof list === "string" ? sorted(list) : null;
    });
  }

  // The clock: time stands still while a file is asked.
  const RealDate = Date;
  let clockAsked = false;
  function StillDate(...parts) {
    if (parts.length === 0 || new.target === undefined) {
      clockAsked = true;
      parts = [now];
    }
    const date = construct(RealDate, parts, new.target === undefined ? RealDate : new.target);
    return new.target === undefined ? date.toString() : date;
  }
  StillDate.prototype = RealDate.prototype;
  define(StillDate.prototype, "constructor", {value: StillDate, writable: true, configurable: true});
  StillDate.UTC = RealDate.UTC;
  StillDate.parse = RealDate.parse;
  StillDate.now = function () {
    clockAsked = true;
    return now;
  };
  give("Date", StillDate);
  Math.random = function random() {
    lacks("Math.random()");
    return 0.5;
  };
  for (const name of ["WebAssembly", "SharedArrayBuffer", "Atomics", "performance", "navigator",
    "queueMicrotask", "gc", "scriptArgs", "print", "os", "std", "bjson"]) {
    delete world[name];
  }

  // Probes: which statement ran, which condition held, which library call said what.
  if (tracing) {
    give(tracing, function (id, value) {
      trace = log(trace, value ? StringOf(id) : "-" + StringOf(id));
      return value;
    });
  }
  function watched(name, original) {
    return function (...given) {
      const answer = apply(original, this, given);
      let shown = "";
      for (let i = 0; i < given.length && i < 8; i++) {
        shown += (i ? ", " : "") + shownValue(given[i]);
      }
      trace = log(trace, text(name + "(" + shown + ") = " + shownValue(answer)));
      return answer;
    };
  }
  function shownValue(value) {
    if (typeof value === "string") {
      return text(value.length > 80 ? apply(slice, value, [0, 80]) + "…" : value);
    }
    return value === null || typeof value === "undefined" || typeof value === "number" ||
      typeof value === "boolean" ? StringOf(value) : "(" + typeof value + ")";
  }

  function entry() {
    const preferred = prefersEx ? world.FindProxyForURLEx : undefined;
    return typeof preferred === "function" ? preferred : world.FindProxyForURL;
  }

  // One flat string: the binding cannot take one that is still a tree of its parts.
  function flat(list) {
    return apply(join, list, [""]);
  }
  function said(kind, value, error) {
    return flat(['{"kind":', text(kind), ',"value":', text(short(value)),
      ',"error":', text(short(error)), "}"]);
  }
  function short(value) {
    return value.length > longest ? apply(slice, value, [0, longest]) : value;
  }
  function textIn(thing, name) {
    const found = described(thing, name);
    return found !== undefined && typeof found.value === "string" ? found.value : "";
  }
  function stackText(error) {
    const stack = apply(stackOf, error, []);
    return typeof stack === "string" ? stack : "";
  }
  // What was thrown, without running any of the file's getters and conversions.
  function errorText(error) {
    if (typeof error === "string") {
      return error;
    }
    if (!isError(error)) {
      return "it threw " + (error === null ? "null" : "a value of type " + typeof error);
    }
    let name = "Error";
    for (let i = 0; i < errors.length; i++) {
      if (error instanceof errors[i]) {
        name = names[i];
      }
    }
    return flat([name, ": ", textIn(error, "message"), "\n", stackText(error)]);
  }

  return function callgateAsk(what, url, host) {
    if (what === "watch") {
      for (const name of ["dnsDomainIs", "dnsDomainLevels", "dnsResolve", "dnsResolveEx",
        "isInNet", "isInNetEx", "isPlainHostName", "isResolvable", "isResolvableEx",
        "localHostOrDomainIs", "myIpAddress", "myIpAddressEx", "shExpMatch", "weekdayRange",
        "dateRange", "timeRange"]) {
        if (typeof world[name] === "function") {
          world[name] = watched(name, world[name]);
        }
      }
      return "";
    }
    if (what === "state") {
      const state = flat(['{"missing":[', missing, '],"trace":[', trace, '],"alerts":[', alerts,
        '],"clock":', clockAsked ? "true" : "false", ',"full":', full ? "true" : "false", "}"]);
      missing = trace = alerts = "";
      full = clockAsked = false;
      return state;
    }
    let answer;
    try {
      const find = entry();
      if (what === "defined") {
        return said(typeof find, "", "");
      }
      answer = apply(find, world, [url, host]);
    } catch (error) {
      return said("exception", "", errorText(error));
    }
    const kind = answer === null ? "null" : typeof answer;
    return said(kind, kind === "string" ? answer
      : kind === "number" || kind === "boolean" ? StringOf(answer) : "", "");
  };
})
