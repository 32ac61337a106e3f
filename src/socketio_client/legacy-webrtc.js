// What browsers did in 2017 and pages of that time need. In front of socket.io.js with --legacy-webrtc.
(function () {
'use strict';

// A stream had an address, which was given to the `src` of a video. Now the video takes the stream.
var streams = {}; // by the addresses made up here
var made = 0;
var createObjectURL = URL.createObjectURL;
var revokeObjectURL = URL.revokeObjectURL;
URL.createObjectURL = function (object) {
	if (!(object instanceof MediaStream)) return createObjectURL.apply(URL, arguments);
	var address = 'blob:' + location.origin + '/stream-' + (++made);
	streams[address] = object;
	return address;
};
// Whoever plays a stream went on playing it.
URL.revokeObjectURL = function (address) {
	if (streams[address]) delete streams[address];
	else revokeObjectURL.call(URL, address);
};

var media = HTMLMediaElement.prototype;
var src = Object.getOwnPropertyDescriptor(media, 'src');
Object.defineProperty(media, 'src', {
	configurable: true,
	enumerable: true,
	get: src.get,
	set: function (address) {
		var stream = streams[address];
		this.srcObject = stream || null; // it would win over `src`
		if (!stream) src.set.call(this, address);
	}
});
media.setAttribute = function (name, value) {
	if (String(name).toLowerCase() === 'src') this.src = value;
	else Element.prototype.setAttribute.apply(this, arguments);
};

// An offer that came while an own one was open was refused. Today the own one is given up for it: of two
// pages that call each other at once both answer, and neither answer finds its offer.
var peer = RTCPeerConnection.prototype;
var setLocalDescription = peer.setLocalDescription;
var setRemoteDescription = peer.setRemoteDescription;
var offering = new WeakSet(); // connections whose own offer is on its way to being open

// These functions took two callbacks, and still do.
function tell(promise, success, failure) {
	if (typeof success !== 'function') return promise;
	promise.then(success, failure);
	return Promise.resolve();
}

function isOffer(description) {
	return Boolean(description) && description.type === 'offer';
}

peer.setLocalDescription = function (description, success, failure) {
	if (!isOffer(description)) return setLocalDescription.apply(this, arguments);
	var settle = offering.delete.bind(offering, this);
	var done = setLocalDescription.call(this, description);
	offering.add(this);
	done.then(settle, settle);
	return tell(done, success, failure);
};

peer.setRemoteDescription = function (description, success, failure) {
	var isOpen = this.signalingState === 'have-local-offer' || offering.has(this);
	if (!isOpen || !isOffer(description)) return setRemoteDescription.apply(this, arguments);
	return tell(Promise.reject(new DOMException('an own offer is open', 'InvalidStateError')), success, failure);
};
})();
