// The link that invites others. At an address that means "this computer" it names another one of the server,
// by which others come to it.

import { invitationAddress, isReachable } from '../signaling/address.js';

/** @typedef {{ link: string, reachable: boolean }} InvitationLink reachable: whether another device comes here by it */

/** Dispatches `change` when a better link is known. */
export class Invitation extends EventTarget {
  /** @type {InvitationLink} */
  current;

  #room;

  /** @param {string} page as in location.href @param {string} room */
  constructor(page, room) {
    super();
    this.#room = room;
    const link = invitationAddress(page, room);
    this.current = { link, reachable: isReachable(link) };
  }

  /** @param {readonly string[]} origins where others reach the pages of the server, the best first */
  learn(origins) {
    const [better] = origins;
    if (this.current.reachable || better === undefined) return;
    this.current = { link: invitationAddress(`${better}/`, this.#room), reachable: true };
    this.dispatchEvent(new Event('change'));
  }
}
