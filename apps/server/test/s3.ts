import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface S3 {
  readonly endpoint: string;
  readonly objects: Map<string, Buffer>;
  /** Why requests were refused. */
  readonly refused: string[];
  close(): Promise<void>;
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const escape = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** Why a request's signature is not right (AWS Signature Version 4), or null. */
function wrongSignature(request: IncomingMessage, body: Buffer, accessKey: string, secretKey: string): string | null {
  const match = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/.exec(request.headers.authorization ?? '');
  if (!match) return 'the Authorization header has another shape';
  const [, key, day, region, names, signature] = match as unknown as string[];
  if (key !== accessKey) return 'unknown access key';
  const stamp = String(request.headers['x-amz-date'] ?? '');
  if (!/^\d{8}T\d{6}Z$/.test(stamp) || !stamp.startsWith(day!)) return 'x-amz-date is missing or of another day';
  const sum = String(request.headers['x-amz-content-sha256'] ?? '');
  if (sum !== 'UNSIGNED-PAYLOAD' && sum !== createHash('sha256').update(body).digest('hex')) return 'x-amz-content-sha256 does not match the body';
  if (!names!.split(';').includes('host') || !names!.split(';').includes('x-amz-content-sha256')) return 'host and x-amz-content-sha256 must be signed';
  const url = new URL(request.url!, 'http://x');
  const query = [...url.searchParams].map(([name, value]) => `${escape(name)}=${escape(value)}`).sort().join('&');
  const headers = names!.split(';').map((name) => `${name}:${String(request.headers[name] ?? '').trim()}\n`).join('');
  const canonical = [request.method, url.pathname, query, headers, names, sum].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', stamp, `${day}/${region}/s3/aws4_request`, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const wanted = hmac(hmac(hmac(hmac(hmac(`AWS4${secretKey}`, day!), region!), 's3'), 'aws4_request'), toSign).toString('hex');
  return wanted === signature ? null : 'the signature does not match';
}

/** A small object store that speaks as much of S3 as backups use, in pages of two, and checks every signature. */
export async function openS3(accessKey: string, secretKey: string): Promise<S3> {
  const objects = new Map<string, Buffer>();
  const refused: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const why = wrongSignature(request, body, accessKey, secretKey);
      if (why !== null) {
        refused.push(why);
        response.writeHead(403).end(`<Error><Code>SignatureDoesNotMatch</Code><Message>${why}</Message></Error>`);
        return;
      }
      // S3 takes no chunked uploads without a length.
      if (request.method === 'PUT' && request.headers['content-length'] === undefined) {
        response.writeHead(411).end('<Error><Code>MissingContentLength</Code></Error>');
        return;
      }
      const url = new URL(request.url!, 'http://x');
      const [, bucket, ...rest] = decodeURIComponent(url.pathname).split('/');
      const key = `${bucket}/${rest.join('/')}`;
      if (request.method === 'PUT') objects.set(key, body);
      else if (request.method === 'DELETE') objects.delete(key);
      else if (url.searchParams.get('list-type') === '2') {
        const prefix = `${bucket}/${url.searchParams.get('prefix') ?? ''}`;
        const after = url.searchParams.get('continuation-token') ?? '';
        const keys = [...objects.keys()].filter((k) => k.startsWith(prefix) && k > after).sort();
        const page = keys.slice(0, 2);
        response.end(`<?xml version="1.0"?><ListBucketResult>${page.map((k) => `<Contents><Key>${k.slice(bucket!.length + 1)}</Key><Size>${objects.get(k)!.length}</Size></Contents>`).join('')}${keys.length > 2 ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : ''}</ListBucketResult>`);
        return;
      } else if (!objects.has(key)) {
        response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
        return;
      } else {
        response.end(objects.get(key));
        return;
      }
      response.writeHead(request.method === 'DELETE' ? 204 : 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, objects, refused,
    close: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    }),
  };
}
