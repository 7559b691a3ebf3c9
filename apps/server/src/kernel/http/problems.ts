import type { Lang, ProblemDocument } from '@banya/contract';
import type { z } from 'zod';
import { Problem } from '../errors.ts';
import { fill, problemText } from '../texts.ts';

/** Renders a problem as an RFC 9457 document in the caller's language. */
export function problemResponse(problem: Problem, lang: Lang, requestId: string): Response {
  const text = problemText(problem.code);
  const params = { ...problem.params, requestId };
  const document: ProblemDocument = {
    type: `urn:banya:problem:${problem.code}`,
    title: text ? text.title[lang] : problem.code,
    status: problem.status,
    code: problem.code,
    detail: text ? fill(text.detail[lang], params, lang) : problem.code,
    requestId,
  };
  if (text?.remedy) document.remedy = fill(text.remedy[lang], params, lang);
  if (problem.existing !== null) document.existing = problem.existing;
  if (problem.fields.length > 0) document.fields = problem.fields.map((f) => ({ at: f.at, message: f.message[lang] }));
  const headers = new Headers({ 'Content-Type': 'application/problem+json', 'Content-Language': lang, 'Cache-Control': 'no-store', ...problem.headers });
  return new Response(JSON.stringify(document), { status: problem.status, headers });
}

/** A refused body, query or path in plain words, field by field. */
export function invalid(where: 'body' | 'query' | 'path', error: z.ZodError): Problem {
  // A malformed id in a path is simply something that does not exist.
  if (where === 'path') return new Problem(404, 'not_found');
  return new Problem(400, 'invalid', {}, { fields: error.issues.slice(0, 50).map((issue) => ({ at: '/' + issue.path.map(String).join('/'), message: plain(issue) })) });
}

function plain(issue: z.core.$ZodIssue): Record<Lang, string> {
  switch (issue.code) {
    case 'too_small':
      if (issue.origin === 'string') return issue.minimum === 1 ? { ja: 'ここは必ず入れてください。', en: 'This is needed.' } : { ja: `${issue.minimum}文字以上で入れてください。`, en: `Use at least ${issue.minimum} characters.` };
      if (issue.origin === 'array') return { ja: `${issue.minimum}つ以上選んでください。`, en: `Choose at least ${issue.minimum}.` };
      return { ja: `${issue.minimum}以上の数にしてください。`, en: `Use a number of at least ${issue.minimum}.` };
    case 'too_big':
      if (issue.origin === 'string') return { ja: `${issue.maximum}文字までにしてください。`, en: `Use at most ${issue.maximum} characters.` };
      if (issue.origin === 'array') return { ja: `${issue.maximum}つまでにしてください。`, en: `At most ${issue.maximum}.` };
      return { ja: `${issue.maximum}以下の数にしてください。`, en: `Use a number of at most ${issue.maximum}.` };
    case 'invalid_format':
      switch (issue.format) {
        case 'email': return { ja: 'メールアドレスの形で入れてください（例 hanako@example.jp）。', en: 'Write a mail address, for example hanako@example.jp.' };
        case 'url': return { ja: 'https:// で始まるアドレスを入れてください。', en: 'Write an address that starts with https://.' };
        case 'date': return { ja: '日付を 2026-11-24 の形で入れてください。', en: 'Write a date like 2026-11-24.' };
        case 'datetime': return { ja: '日時を 2026-11-24T10:00:00+09:00 の形で入れてください。', en: 'Write a time like 2026-11-24T10:00:00+09:00.' };
        case 'uuid': return { ja: '一覧から選び直してください。', en: 'Choose it from the list again.' };
        default: return { ja: '書き方が合っていません。例を見て入れ直してください。', en: 'The form does not fit; see the example.' };
      }
    case 'invalid_type':
      return issue.input === undefined ? { ja: 'ここは必ず入れてください。', en: 'This is needed.' } : { ja: '種類の違う値が入っています。入れ直してください。', en: 'A value of another kind is needed here.' };
    case 'invalid_value':
      return { ja: `次のどれかにしてください：${issue.values.map(String).join('、')}`, en: `Use one of: ${issue.values.map(String).join(', ')}` };
    case 'custom':
      return { ja: '改行や特別な文字は使えません。', en: 'Line breaks and control characters cannot be used.' };
    default:
      return { ja: 'この欄を見直してください。', en: 'Please look at this field again.' };
  }
}
