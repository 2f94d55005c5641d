"use strict";
// Loaded before the program: nothing that Node.js prints for people gets colours, as nobody sees it on a terminal.
//
// The SDK has every error that ends a program printed in colours. Node.js 20 then never comes to the end of a line such
// as `at /a/node_modules/@pulumi/config.ts:1:2`: it adds to a text until that is too long, which takes minutes.
const module_ = require("module");
const util = require("util");

util.inspect = new Proxy(util.inspect, {
    apply(inspect, self, [value, options, ...rest]) {
        const plain = options && typeof options === "object" ? { ...options, colors: false } : options;
        return Reflect.apply(inspect, self, [value, plain, ...rest]);
    },
});
module_.syncBuiltinESMExports();
