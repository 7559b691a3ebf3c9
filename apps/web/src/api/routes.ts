/** The routes the shell itself needs. Features import theirs from the contract directly. */
export { identity } from '../../../../packages/contract/src/identity.ts';
export { orgs } from '../../../../packages/contract/src/orgs.ts';
