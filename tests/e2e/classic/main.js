'use strict';

var localVideo = document.getElementById('localVideo');
var remoteVideo = document.getElementById('remoteVideo');
var callButton = document.getElementById('callButton');
var acceptButton = document.getElementById('acceptButton');
var hangupButton = document.getElementById('hangupButton');

var isChannelReady = false; // somebody else is in the room
var isInitiator = false;
var isAgreed = false;
var isStarted = false;
var localStream;
var pc;

var room = readCookie('room') || 'lounge';
var socket = io.connect();

////////////////////////////////////////////////
// Meeting

function readCookie(name) {
  var found = document.cookie.match(new RegExp('(?:^|; )' + name + '=([^;]*)'));
  return found && decodeURIComponent(found[1]);
}

function say(text) {
  document.getElementById('status').innerHTML += text + '<br>';
}

socket.on('created', function (room) {
  say('Created room ' + room);
  isInitiator = true;
});

socket.on('full', function (room) {
  say('Room ' + room + ' is full');
});

socket.on('join', function (room) {
  say('Somebody has joined room ' + room);
  isChannelReady = true;
});

socket.on('joined', function (room) {
  say('Joined room ' + room);
  isChannelReady = true;
});

socket.on('ready', function () {
  callButton.disabled = false;
});

socket.on('log', function (words) {
  console.log.apply(console, words);
});

callButton.onclick = function () {
  callButton.disabled = true;
  isInitiator = true;
  socket.emit('main check', room);
};

socket.on('main check answer', function (callersRoom) {
  if (callersRoom !== room) return;
  say('Some user is calling you');
  acceptButton.disabled = false;
});

acceptButton.onclick = function () {
  acceptButton.disabled = true;
  callButton.disabled = true;
  socket.emit('host is agreed', room);
  isAgreed = true;
  maybeStart();
};

socket.on('host agreed', function () {
  isAgreed = true;
});

////////////////////////////////////////////////
// Camera

navigator.mediaDevices.getUserMedia({ audio: true, video: true }).then(gotStream, onError);

function gotStream(stream) {
  localStream = stream;
  localVideo.src = window.URL.createObjectURL(stream);
  socket.emit('create or join', room);
  sendMessage('got user media');
}

////////////////////////////////////////////////
// Call

function sendMessage(message) {
  socket.emit('message', message);
}

socket.on('message', function (message) {
  if (message === 'bye' && isStarted) {
    stop();
  } else if (message.type === 'offer') {
    if (!isStarted) maybeStart();
    pc.setRemoteDescription(new RTCSessionDescription(message), function () {}, onError);
    doAnswer();
  } else if (message.type === 'answer' && isStarted) {
    pc.setRemoteDescription(new RTCSessionDescription(message), function () {}, onError);
  } else if (message.type === 'candidate' && isStarted) {
    pc.addIceCandidate(new RTCIceCandidate({
      sdpMLineIndex: message.label,
      candidate: message.candidate
    }), function () {}, onError);
  }
});

function maybeStart() {
  if (isStarted || !isChannelReady || !isAgreed || !localStream) return;
  isStarted = true;
  pc = new RTCPeerConnection(null);
  pc.onicecandidate = handleIceCandidate;
  pc.onaddstream = handleRemoteStreamAdded;
  pc.addStream(localStream);
  hangupButton.disabled = false;
  // Who has created the room is the initiator, and so is who has pressed Call: both make an offer.
  if (isInitiator) doCall();
}

function doCall() {
  pc.createOffer(setLocalAndSendMessage, onError);
}

function doAnswer() {
  pc.createAnswer(setLocalAndSendMessage, onError);
}

function setLocalAndSendMessage(description) {
  pc.setLocalDescription(description, function () {}, onError);
  sendMessage(description);
}

function handleIceCandidate(event) {
  if (!event.candidate) return;
  sendMessage({
    type: 'candidate',
    label: event.candidate.sdpMLineIndex,
    id: event.candidate.sdpMid,
    candidate: event.candidate.candidate
  });
}

function handleRemoteStreamAdded(event) {
  remoteVideo.src = window.URL.createObjectURL(event.stream);
}

function onError(error) {
  say(error.name + ': ' + error.message);
}

hangupButton.onclick = function () {
  sendMessage('bye');
  stop();
};

function stop() {
  isStarted = false;
  isAgreed = false;
  hangupButton.disabled = true;
  callButton.disabled = false;
  remoteVideo.src = '';
  pc.close();
}
