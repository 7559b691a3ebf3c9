/** Device logs to the ECS core: framing, headers, encodings, families. Pure: no I/O and no clock. */
export { countryCode, countryName } from './countries.ts';
export { ACTIONS, ECS, ECS_COLUMNS, ECS_NAMES, isEcsName, type Action, type EcsEvent, type EcsField, type EcsName, type EcsType } from './ecs.ts';
export { EventFields, MAX_UNMAPPED, type ParseContext, type ParsedEvent, type Problem, type Unmapped } from './event.ts';
export { FAMILIES } from './families/index.ts';
export type { Family } from './families/family.ts';
export { EVTX_CHUNK, EVTX_HEADER, isEvtx, readEvtxChunk, type EvtxRecord } from './evtx.ts';
export { leases, type Lease } from './leases.ts';
export { normaliseIp, normaliseMac, OwnRanges } from './net.ts';
export { createParser, detectFamily, type FamilyGuess, type Parser, type ParserOptions } from './parser.ts';
export { decode, detectEncoding, type Decoded, type Encoding, type EncodingProposal } from './syslog/encoding.ts';
export { datagram, MAX_LINE, SyslogFramer, type Frame } from './syslog/framing.ts';
export { parseHeader, SyslogHeader } from './syslog/header.ts';
export { Zone } from './syslog/time.ts';
export { template } from './template.ts';
