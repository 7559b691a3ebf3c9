import pino, { type Logger } from 'pino';

/**
 * Structured logs on standard error, one JSON object a line. What looks like a secret is never written: fields by name
 * here, sign-in links and tokens by never being given to the log.
 */
export function createLog(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: ['password', 'secret', 'token', 'cookie', 'authorization', '*.password', '*.secret', '*.token', '*.cookie', '*.authorization', 'err.config', 'err.options'], censor: '(hidden)' },
    },
    pino.destination({ dest: 2, sync: false }),
  );
}
