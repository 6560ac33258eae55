import { ASN1Obj } from "@sigstore/core";
import { PkgError } from "../errors.ts";
import type { Provenance } from "./provenance.ts";

/** An extension of a certificate: its object identifier with dots, and its value. */
export type Extensions = ReadonlyMap<string, Buffer>;

/** What a certificate of Fulcio says about who signed; null for what it does not say. */
export type SignerFacts = Pick<
  Provenance,
  "identity" | "issuer" | "sourceRepository" | "commit" | "ref" | "workflow" | "runUrl"
>;

const SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
/** Sigstore's own extensions. @see Fulcio, docs/oid-info.md */
const FULCIO = "1.3.6.1.4.1.57264.1";
const UTF8_STRING = 0x0c;
const [MAIL_ADDRESS, URI] = [1, 6];

/**
 * Reads a certificate that has been verified.
 *
 * @param what names the bundle in messages
 * @throws {PkgError} PROVENANCE_INVALID unless it names one signer and one issuer
 */
export function signerFacts(extensions: Extensions, what: string): SignerFacts {
  const text = (number: number) => utf8String(extensions.get(`${FULCIO}.${number}`));
  const plain = (number: number) => decodeText(extensions.get(`${FULCIO}.${number}`));
  // Certificates of 2022 and earlier have only the first extensions, whose values are bare text instead of DER strings.
  const issuer = text(8) ?? plain(1);
  if (issuer === null) throw invalid(what, "its certificate does not say who vouched for the signer");
  const repository = plain(5);
  return {
    identity: identityOf(extensions, what),
    issuer,
    sourceRepository: text(12) ?? (repository === null ? null : `https://github.com/${repository}`),
    commit: text(13) ?? plain(3),
    ref: text(14) ?? plain(6),
    workflow: text(18) ?? text(9),
    runUrl: text(21),
  };
}

/** Accepts only one name of plain characters: text that is compared with a policy must not have two readings. */
function identityOf(extensions: Extensions, what: string): string {
  const value = extensions.get(SUBJECT_ALTERNATIVE_NAME);
  const names = value === undefined ? [] : parse(value).subs;
  const [name] = names;
  if (name === undefined || names.length > 1) {
    throw invalid(what, `its certificate names ${names.length} signers, expected one`);
  }
  const identity = name.value.toString("latin1");
  const isText = name.tag.isContextSpecific(URI) || name.tag.isContextSpecific(MAIL_ADDRESS);
  if (isText && /^[\x21-\x7e]+$/.test(identity)) return identity;
  throw invalid(what, "its certificate does not name the signer by a plain URI or mail address");
}

/** The text in a DER `UTF8String`; null for anything else. */
function utf8String(value: Buffer | undefined): string | null {
  if (value?.[0] !== UTF8_STRING) return null;
  return decodeText(parse(value).value);
}

function decodeText(bytes: Buffer | undefined): string | null {
  if (bytes === undefined || bytes.length === 0) return null;
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

function parse(der: Buffer): ASN1Obj {
  return ASN1Obj.parseBuffer(Buffer.from(der));
}

function invalid(what: string, problem: string): PkgError {
  return new PkgError("PROVENANCE_INVALID", `Cannot use ${what}: ${problem}`);
}
