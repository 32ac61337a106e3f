// io() for Socket.IO pages, over the plain WebSocket /socket. Served as it is.
(function () {
'use strict';
// This script is PROTOCOL//HOST/BASE/socket.io/socket.io.js
var home = /^(\w+:)\/\/([^\/]+)(.*)\/socket\.io\/[^\/]*$/.exec((document.currentScript || {}).src) ||
	[0, location.protocol, location.host, ''];

// Each call makes a connection of its own, as with forceNew.
function io(url, opts) {
	if (typeof url === 'object') return io('', url);
	opts = opts || {};
	var listeners = [], queue = [], tries = 0, ws, timer;
	var part = /^(?:(\w+:)?\/\/)?([^\/?]*)([^?]*)\??([^#]*)/.exec(url || '');
	var host = part[2] || home[2], query = opts.query || part[4];
	var base = opts.path || (host === home[2] ? home[3] : '');
	if (typeof query === 'object') {
		query = Object.keys(query).map(function (key) { return key + '=' + encodeURIComponent(query[key]); }).join('&');
	}
	var address = (part[1] || home[1]).replace('http', 'ws') + '//' + host + base.replace(/\/(socket\.io\/?)?$/, '') + '/socket?' + query;

	function fire(name) {
		var args = [].slice.call(arguments, 1);
		listeners.filter(function (each) { return each.name === name; }).forEach(function (each) {
			if (each.once) listeners = listeners.filter(function (other) { return other !== each; });
			each.call.apply(self, args);
		});
	}

	function become(connected) {
		clearTimeout(timer);
		self.connected = connected;
		self.disconnected = !connected;
		// The server tells no id; this one only tells people apart.
		self.id = connected ? '' + Math.random() : undefined;
	}

	function leave() {
		if (ws) ws = ws.onopen = ws.onmessage = ws.onclose = null;
		become(false);
	}

	function open() {
		if (part[3].length > 1) return fire('connect_error', new Error('Invalid namespace'));
		ws = new WebSocket(address);
		timer = setTimeout(function () { ws.close(); }, 20000);
		ws.onopen = function () {
			var tried = tries;
			tries = 0;
			become(true);
			queue.splice(0).forEach(function (text) { ws.send(text); });
			if (tried) fire('reconnect', tried);
			if (self.connected) fire('connect');
		};
		ws.onmessage = function (message) { fire.apply(0, JSON.parse(message.data)); };
		ws.onclose = function (close) {
			var was = self.connected, refused = close.code === 1008; // for good
			leave();
			if (!refused && opts.reconnection !== false && !(tries >= opts.reconnectionAttempts)) retry();
			if (was) fire('disconnect', refused ? 'io server disconnect' : 'transport close');
			else fire('connect_error', new Error('websocket error'));
		};
	}

	function retry() {
		var wait = Math.min((opts.reconnectionDelay || 1000) * Math.pow(2, tries), opts.reconnectionDelayMax || 5000);
		timer = setTimeout(function () {
			fire('reconnect_attempt', ++tries);
			open();
		}, wait * (1 - Math.random() / 2)); // not all pages at once
	}

	var self = {
		on: function (name, call, once) {
			listeners.push({ name: name, call: call, once: once });
			return self;
		},
		once: function (name, call) { return self.on(name, call, true); },
		off: function (name, call) {
			listeners = listeners.filter(function (each) {
				return name && each.name !== name || call && each.call !== call;
			});
			return self;
		},
		// Nothing is acknowledged: functions become null.
		emit: function () {
			var text = JSON.stringify([].slice.call(arguments));
			if (self.connected) ws.send(text);
			else if (queue.length < 100) queue.push(text); // more would be a flood
			return self;
		},
		connect: function () {
			if (!ws) {
				clearTimeout(timer);
				timer = setTimeout(open); // after the page's on()
			}
			return self;
		},
		disconnect: function () {
			var was = self.connected;
			if (ws) ws.close();
			leave();
			if (was) fire('disconnect', 'io client disconnect');
			return self;
		}
	};
	self.open = self.connect;
	self.close = self.disconnect;
	self.removeListener = self.removeAllListeners = self.off;
	self.io = self; // where 3.x and 4.x tell of reconnecting
	become(false);
	return opts.autoConnect === false ? self : self.connect();
}

window.io = io.connect = io;
})();
