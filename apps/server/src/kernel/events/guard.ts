import { TABLE_COLUMNS } from './columns.ts';
import { EventsError } from './errors.ts';
import { ALLOWED_FUNCTIONS } from './functions.ts';

/**
 * The first of three walls around one organisation's events (the others: every read of `events` is bound to the
 * organisation by the CTE put in front, and `additional_table_filters` binds the table itself).
 *
 * The statement is cut into tokens, without comments, and must be one SELECT that reads `events` and nothing else:
 * every function is on a list, every bare name is a column, a keyword of SELECT, or a name made in the statement.
 * This is stricter than ClickHouse on purpose; what is refused is said with the word that was refused.
 */

type TokenKind = 'word' | 'quoted' | 'string' | 'number' | 'param' | 'sign';

interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

const SQL_MAX = 100_000;

const KEYWORDS: ReadonlySet<string> = new Set(
  ('select distinct from prewhere where group by having order limit offset as and or not in is null like ilike between case when then else end asc desc nulls first last ' +
    'with union all except intersect any join inner left right full cross outer on using interval second minute hour day week month quarter year rollup cube totals ties fill step to ' +
    'over partition rows range unbounded preceding following current row window qualify true false global semi anti asof cast final sample on escape nan inf')
    .split(' '),
);

/** Functions that reach beyond their arguments; ClickHouse takes a function's bare name as an argument (`arrayMap(file, …)`). */
const NEVER_A_NAME =
  /^(?:settings|format|into|outfile|insert|parallel|apply|columns|except|array|file|url|s3|gcs|hdfs|remote|remotesecure|cluster|clusterallreplicas|executable|input|python|mysql|postgresql|sqlite|mongodb|redis|odbc|jdbc|merge|view|loop|numbers|system|information_schema|default|banya|dict\w*|joinget\w*|getsetting\w*|get\w*setting|getmacro|\w*schema|hostname|fqdn|version|uptime|current\w*|\w*user|catboost\w*|sleep\w*|ai\w+|llm\w*|chdb|addressto\w*|demangle|filesystem\w*|region\w+|throwif|aggthrow|zookeeper\w*|generate\w+|initialize\w+|evalml\w*|naivebayes\w*|showcertificate|query\w*|server\w*|tcpport|shard\w*|hascolumnintable|logtrace|getserverport|getclienthttpheader|fullhostname|buildid|__\w+|transaction\w*|connection\w*|initial\w*|enabled\w*|default\w+|ismergetree\w*|mergetree\w*|timeseries\w*|globalvariable|getmax\w*|getsubcolumn)$/;

const PARAM_TYPE = /^\s*[A-Za-z_]\w{0,63}\s*:\s*(?!.*identifier)[A-Za-z0-9_(), ']{1,80}$/i;

function refuse(why: string): never {
  throw new EventsError('EVENTS_FORBIDDEN', `this query may not run: ${why}`);
}

// One alternative per token; each begins with a character of its own, so that scanning is linear.
const TOKEN =
  /\s+|--[^\n]*|#[ !][^\n]*|\/\*|'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\])*"|`(?:[^`\\])*`|\{[^{}]*\}|[A-Za-z_][A-Za-z0-9_]*|[0-9][0-9A-Za-z_.]*|::|->|<=|>=|<>|!=|==|\|\||<=>|[-+*/%(),.<>=[\]?:]/y;

function tokenize(sql: string): Token[] {
  if (sql.length > SQL_MAX) refuse(`longer than ${SQL_MAX} characters`);
  if (sql.includes('\0')) refuse('a NUL character');
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < sql.length) {
    const at = TOKEN.lastIndex;
    const text = TOKEN.exec(sql)?.[0];
    if (text === undefined) return refuse(`unexpected ${JSON.stringify(sql.slice(at, at + 12))}`);
    const first = text[0]!;
    if (text === '/*') return refuse('block comments');
    if (/\s/.test(first) || text.startsWith('--') || first === '#') continue;
    let kind: TokenKind = 'sign';
    if (first === "'") kind = 'string';
    else if (first === '"' || first === '`') kind = 'quoted';
    else if (first === '{') kind = 'param';
    else if (/[A-Za-z_]/.test(first)) kind = 'word';
    else if (/[0-9]/.test(first)) kind = 'number';
    tokens.push({ kind, text });
  }
  return tokens;
}

/** The name a token stands for, or undefined for what is no name. */
function nameOf(token: Token | undefined): string | undefined {
  if (token === undefined) return undefined;
  if (token.kind === 'word') return token.text;
  return token.kind === 'quoted' ? token.text.slice(1, -1) : undefined;
}

function is(token: Token | undefined, ...words: string[]): boolean {
  return token !== undefined && (token.kind === 'word' || token.kind === 'sign') && words.includes(token.text.toLowerCase());
}

/** Names that the statement itself makes: `… AS name`, `name AS (`, lambda arguments, and a name right after a table or a closing bracket. */
function madeNames(tokens: readonly Token[]): Set<string> {
  const made = new Set<string>();
  const make = (token: Token | undefined): void => {
    const name = nameOf(token);
    if (name === undefined || (token!.kind === 'word' && KEYWORDS.has(name.toLowerCase()))) return;
    if (!/^[A-Za-z_]\w{0,63}$/.test(name)) refuse(`the name ${JSON.stringify(name)}`);
    if (NEVER_A_NAME.test(name.toLowerCase())) refuse(`${name} as a name`);
    if (name.toLowerCase() === 'events') refuse('events as a name of something else');
    made.add(name);
  };
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (is(token, 'as')) {
      if (!is(tokens[i + 1], '(', 'select')) make(tokens[i + 1]);
      if (is(tokens[i + 1], '(')) make(tokens[i - 1]);
    } else if (is(token, '->')) {
      // x -> …, or (x, y) -> …
      if (is(tokens[i - 1], ')')) for (let j = i - 2; j >= 0 && !is(tokens[j], '('); j--) make(tokens[j]);
      else make(tokens[i - 1]);
    } else if (nameOf(token) === 'events' || is(token, ')')) {
      make(tokens[i + 1]);
    }
  }
  return made;
}

/** Clauses after which a FROM list at the same depth has ended. ON is none: a comma after it joins a further table. */
const AFTER_FROM = ['where', 'prewhere', 'group', 'order', 'having', 'limit', 'offset', 'union', 'except', 'intersect', 'window', 'qualify', 'select', 'with'];

function checkTokens(tokens: readonly Token[], made: ReadonlySet<string>): void {
  // Whether each open bracket's level is inside a FROM list, where a comma is followed by a table.
  const inFrom = [false];
  // CTEs that are in force: of the leading WITH only, and each behind its closing bracket. Anywhere else, or before, the
  // same name would mean a real table.
  const ctes = new Set<string>();
  let leading = is(tokens[0], 'with');
  let open: string | undefined;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    const next = tokens[i + 1];
    const before = tokens[i - 1];
    const depth = inFrom.length - 1;
    if (token.kind === 'param' && !PARAM_TYPE.test(token.text.slice(1, -1))) refuse(`the parameter ${token.text.slice(0, 60)}`);
    if (token.kind === 'param' && /^\{\s*banya_/i.test(token.text)) refuse('parameters named banya_');
    if (token.kind === 'number' && !/^(?:0x[0-9a-f]+|[0-9]+(?:\.[0-9]*)?(?:e[0-9]+)?)$/i.test(token.text)) refuse(`the number ${token.text.slice(0, 30)}`);
    if (is(token, '?') || is(token, ':')) refuse(`the sign ${token.text}`);
    if (depth === 0 && is(token, 'select')) leading = false;
    if (is(token, '(')) {
      if (is(before, 'as') && is(next, 'select', 'with')) {
        if (!leading || depth > 0) refuse('a WITH … AS (SELECT …) that is not at the beginning');
        open = nameOf(tokens[i - 2]);
      }
      inFrom.push(false);
    } else if (is(token, ')')) {
      if (depth === 0) refuse('a closing bracket too many');
      inFrom.pop();
      if (depth === 1 && open !== undefined) {
        ctes.add(open);
        open = undefined;
      }
    } else if (is(token, 'from', 'join') || (is(token, ',') && inFrom[depth] === true)) {
      inFrom[depth] = true;
      expectTable(tokens, i + 1, ctes);
    } else if (is(token, 'in')) {
      // in('x', name) as a call would take a table's name for its second argument.
      if (!isOperand(is(before, 'not') || is(before, 'global') ? operandBefore(tokens, i - 1) : before)) refuse('IN without something before it');
      expectMembers(tokens, i + 1);
    } else if (is(token, ...AFTER_FROM)) {
      inFrom[depth] = false;
    }
    if (token.kind === 'word' || token.kind === 'quoted') checkName(token, before, next, made);
  }
  if (inFrom.length !== 1) refuse('an open bracket');
}

function expectTable(tokens: readonly Token[], at: number, ctes: ReadonlySet<string>): void {
  const token = tokens[at];
  if (is(token, '(')) {
    let inner = at;
    while (is(tokens[inner], '(')) inner++;
    if (!is(tokens[inner], 'select', 'with')) refuse('brackets around a table');
    return;
  }
  const name = nameOf(token);
  if (name === undefined || is(tokens[at + 1], '.', '(') || (name !== 'events' && !ctes.has(name))) refuse(`reading from ${token?.text ?? 'nothing'}`);
}

/** What stands before `GLOBAL NOT`, `NOT` or `GLOBAL` at `at`. */
function operandBefore(tokens: readonly Token[], at: number): Token | undefined {
  let i = at;
  while (is(tokens[i], 'not', 'global')) i--;
  return tokens[i];
}

/** Whether a token can end an expression. */
function isOperand(token: Token | undefined): boolean {
  if (token === undefined) return false;
  if (token.kind === 'sign') return is(token, ')', ']');
  return token.kind !== 'word' || !KEYWORDS.has(token.text.toLowerCase()) || is(token, 'end', 'null', 'true', 'false');
}

/** After IN a bare name, bracketed or not, would be taken for a table. */
function expectMembers(tokens: readonly Token[], at: number): void {
  let inner = at;
  while (is(tokens[inner], '(')) inner++;
  const token = tokens[inner];
  if (nameOf(token) === undefined || is(token, 'select', 'with')) return;
  if (!is(tokens[inner + 1], '(')) refuse(`IN ${token!.text}`);
}

function checkName(token: Token, before: Token | undefined, next: Token | undefined, made: ReadonlySet<string>): void {
  const name = nameOf(token)!;
  const lower = name.toLowerCase();
  const keyword = token.kind === 'word' && KEYWORDS.has(lower);
  if (is(next, '(')) {
    if (keyword) return;
    if (is(before, '.')) refuse(`the call of ${name}`);
    if (!ALLOWED_FUNCTIONS.has(lower)) refuse(`the function ${name} (functions.ts lists the ones that may be used)`);
    return;
  }
  if (keyword || name === 'events' || made.has(name) || TABLE_COLUMNS.has(name)) return;
  // The type in CAST(x AS UInt64) and x::UInt64 was taken for a made name, or follows the sign.
  if (is(before, '::') && /^(?:u?int(?:8|16|32|64)|float(?:32|64)|string|uuid|date|datetime)$/.test(lower)) return;
  refuse(`the name ${name.slice(0, 64)}`);
}

function oneSelect(sql: string): Token[] {
  const tokens = tokenize(sql);
  if (!is(tokens[0], 'select', 'with')) refuse('it is not a SELECT');
  return tokens;
}

/**
 * Checks a caller's SQL and binds it to the organisation in parameter `banya_org`.
 * @returns the statement to run. @throws EventsError EVENTS_FORBIDDEN with the word that was refused.
 */
export function guardSql(sql: string): string {
  const tokens = oneSelect(sql);
  checkTokens(tokens, madeNames(tokens));
  const bound = 'WITH events AS (SELECT * FROM events WHERE org_id = {banya_org:UUID})';
  // Written again from the tokens: no comment or odd white space reaches the engine.
  const words = tokens.map((token) => token.text);
  return is(tokens[0], 'with') ? `${bound}, ${words.slice(1).join(' ')}` : `${bound} ${words.join(' ')}`;
}

/** Checks SQL of the house itself that reads over organisations: one SELECT without settings of its own. */
export function guardSystemSql(sql: string): string {
  const tokens = oneSelect(sql);
  for (const token of tokens) {
    if (token.kind === 'word' && /^(?:settings|format|into|outfile|insert|attach)$/i.test(token.text)) refuse(`${token.text} in a read`);
  }
  return tokens.map((token) => token.text).join(' ');
}
