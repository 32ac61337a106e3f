// The rooms that were entered last, kept in this browser only.

const KEY = 'videochat.recent';
const MOST = 3;

/** @param {Storage} storage @returns {string[]} */
export function recentRooms(storage) {
  try {
    const rooms = JSON.parse(storage.getItem(KEY) ?? '[]');
    return Array.isArray(rooms) ? rooms.filter(room => typeof room === 'string').slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** @param {Storage} storage @param {string} room */
export function rememberRoom(storage, room) {
  const rooms = [room, ...recentRooms(storage).filter(other => other !== room)].slice(0, MOST);
  try {
    storage.setItem(KEY, JSON.stringify(rooms));
  } catch {
    // Full or forbidden: the call does not depend on it.
  }
}
