"use strict";
// Loaded before code in Node.js: what it asks the hosts of the simulated AWS is answered on this machine. The code of
// components, which has a file to write to in REHEARSAL_REFUSED, reaches no other host: it is told so at once.
const fs = require("fs");
const net = require("net");

const answered = new RegExp(process.env.REHEARSAL_HOSTS);
const port = Number(process.env.REHEARSAL_PORT);
const refused = process.env.REHEARSAL_REFUSED;
const { connect } = net.Socket.prototype;

function isHere(host) {
    const bare = host.replace(/^\[|\]$/g, "");
    return bare === "localhost" || bare === "::1" || bare === "0.0.0.0" || /^(::ffff:)?127\./.test(bare);
}

function refusal(host) {
    fs.appendFileSync(refused, `${host}\n`);
    return Object.assign(new Error(`a rehearsal reaches nothing real: the code of a component asked for ${host}`), {
        code: "ECONNREFUSED",
        syscall: "connect",
    });
}

net.Socket.prototype.connect = function (...given) {
    const [options, then] = Array.isArray(given[0]) ? given[0] : net._normalizeArgs(given);
    const host = options.host || "localhost";
    if (options.path || isHere(host)) return connect.apply(this, given);
    if (answered.test(host.toLowerCase())) return connect.call(this, { ...options, host: "127.0.0.1", port }, then);
    if (!refused) return connect.apply(this, given);
    process.nextTick(() => this.destroy(refusal(host)));
    return this;
};
