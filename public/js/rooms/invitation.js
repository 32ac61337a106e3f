// The link that invites others. At an address that means "this computer" it names another one of the server,
// by which others come to it.

import { otherAddresses } from '../secure/names.js';
import { invitationAddress, isReachable } from '../signaling/address.js';

/** @typedef {{ link: string, reachable: boolean }} InvitationLink reachable: whether another device comes here by it */

/** Dispatches `change` when a better link is known. */
export class Invitation extends EventTarget {
  /** @type {InvitationLink} */
  current;

  /** @param {string} page as in location.href @param {string} room */
  constructor(page, room) {
    super();
    const link = invitationAddress(page, room);
    this.current = { link, reachable: isReachable(link) };
  }

  /** @param {readonly string[]} names of the server, as /secure.json tells them */
  learn(names) {
    if (this.current.reachable) return;
    const [better] = otherAddresses(new URL(this.current.link), names);
    if (!better) return;
    this.current = { link: better.href, reachable: true };
    this.dispatchEvent(new Event('change'));
  }
}
