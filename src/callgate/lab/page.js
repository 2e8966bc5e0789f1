// The vendor's page: places one call from a real browser, and measures it.
"use strict";

const PROBE_EVERY_MS = 20;
const SETTLED_AFTER_MS = 1000;
const ECHOES_COUNT_FOR_MS = 300;

const now = () => performance.timeOrigin + performance.now();
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

let call = null;

// Set a call up. Resolves when its pair of candidates has settled, or when there is none.
async function place({ signalling, iceServers, patience }) {
  const began = performance.now();
  const connection = new RTCPeerConnection({ iceServers });
  const errors = [];
  connection.onicecandidateerror = ({ url, errorCode, errorText }) =>
    errors.push({ url, code: errorCode, text: errorText });
  connection.addTrack(tone());
  // What nobody listens to is not played out, and nothing of it is concealed.
  connection.ontrack = ({ track }) => listen(track);
  const probes = connection.createDataChannel("probes", { ordered: false, maxRetransmits: 0 });
  const failed = (step, error) => ({ chosen: null, step, error, errors });

  const socket = new WebSocket(signalling);
  const opened = await new Promise((done) => {
    socket.onopen = () => done(true);
    socket.onerror = () => done(false);
    setTimeout(() => done(false), patience);
  });
  if (!opened) return failed("signalling", "the WebSocket did not open");
  socket.onmessage = ({ data }) => {
    const { sdp } = JSON.parse(data);
    connection.setRemoteDescription({ type: "answer", sdp });
  };
  connection.onicecandidate = ({ candidate }) =>
    socket.send(JSON.stringify({ kind: "candidate", candidate }));
  const connected = new Promise((done) => {
    connection.onconnectionstatechange = () => {
      if (connection.connectionState === "connected") done(true);
      if (connection.connectionState === "failed") done(false);
    };
    setTimeout(() => done(false), patience);
  });
  await connection.setLocalDescription();
  socket.send(JSON.stringify({ kind: "offer", sdp: connection.localDescription.sdp }));
  if (!(await connected)) return failed("media", `connection ${connection.connectionState}`);
  const setup = performance.now() - began;
  if (probes.readyState !== "open") await new Promise((done) => { probes.onopen = done; });
  await settled(connection.getSenders()[0].transport.iceTransport);
  call = { connection, probes, socket };
  const { local, remote } = pairOf(await connection.getStats());
  return { chosen: local, remote, setup, errors };
}

// An audio track that is never silent.
function tone() {
  const context = new AudioContext();
  const source = new OscillatorNode(context, { frequency: 440 });
  const sink = new MediaStreamAudioDestinationNode(context);
  source.connect(sink);
  source.start();
  return sink.stream.getAudioTracks()[0];
}

function listen(track) {
  const player = new Audio();
  player.srcObject = new MediaStream([track]);
  player.play();
}

// Wait until the pair in use has not changed for a while.
function settled(transport) {
  return new Promise((done) => {
    let timer = setTimeout(done, SETTLED_AFTER_MS);
    transport.onselectedcandidatepairchange = () => {
      clearTimeout(timer);
      timer = setTimeout(done, SETTLED_AFTER_MS);
    };
  });
}

function pairOf(stats) {
  const transport = [...stats.values()].find(({ type }) => type === "transport");
  const pair = stats.get(transport.selectedCandidatePairId);
  return { local: stats.get(pair.localCandidateId), remote: stats.get(pair.remoteCandidateId) };
}

// Let media run for a while, with probes beside it.
async function measure({ seconds }) {
  const { connection, probes } = call;
  const echoes = [];
  probes.onmessage = ({ data }) => echoes.push({ ...JSON.parse(data), received: now() });
  const before = inbound(await connection.getStats());
  const start = performance.now();
  let sent = 0;
  for (; performance.now() - start < seconds * 1000; sent += 1) {
    probes.send(JSON.stringify({ sent: now() }));
    await sleep(Math.max(0, start + (sent + 1) * PROBE_EVERY_MS - performance.now()));
  }
  await sleep(ECHOES_COUNT_FOR_MS);
  const stats = await connection.getStats();
  return { sent, echoes, before, after: inbound(stats), chosen: pairOf(stats).local };
}

const inbound = (stats) =>
  [...stats.values()].find(({ type, kind }) => type === "inbound-rtp" && kind === "audio");
