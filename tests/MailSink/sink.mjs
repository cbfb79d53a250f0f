// A mail server that keeps what it gets: a line of JSON a mail on stdout, after a first line with its port.
// Recipients say how they are treated: refused@… has no mailbox, relay@… is none of ours, full@… is put off the first time, spam@… is refused after the whole mail.
// Arguments: milliseconds that it takes to answer the end of a mail, which it has by then; "starttls" or "implicit", a certificate and its key: it takes no mail that is not encrypted.
import { readFileSync } from "node:fs";
import { SMTPServer } from "smtp-server";

const pause = Number(process.argv[2] ?? 0);
const [mode, certificate, key] = process.argv.slice(3);
const seen = new Set();

const refusal = (code, text) => Object.assign(new Error(text), { responseCode: code });

const server = new SMTPServer({
  ...(mode ? { secure: mode === "implicit", cert: readFileSync(certificate), key: readFileSync(key) } : { disabledCommands: ["STARTTLS"] }),
  authOptional: true,
  allowInsecureAuth: true,
  onAuth: (auth, session, done) => auth.password === "right" ? done(null, { user: auth.username }) : done(refusal(535, "5.7.8 No.")),
  onMailFrom: (address, session, done) => done(mode && !session.secure ? refusal(530, "5.7.0 Must issue a STARTTLS command first") : null),
  onRcptTo({ address }, session, done) {
    if (address.startsWith("refused")) return done(refusal(550, "5.1.1 No such user."));
    if (address.startsWith("relay")) return done(refusal(554, "5.7.1 Relay access denied."));
    if (address.startsWith("full") && !seen.has(address)) return seen.add(address), done(refusal(452, "4.2.2 The mailbox is full."));
    done();
  },
  onData(stream, session, done) {
    const parts = [];
    stream.on("data", part => parts.push(part));
    stream.on("end", () => {
      const { mailFrom, rcptTo } = session.envelope;
      if (rcptTo[0].address.startsWith("spam")) return done(refusal(554, "5.6.0 We do not like it."));
      console.log(JSON.stringify({ from: mailFrom.address, to: rcptTo.map(r => r.address), raw: Buffer.concat(parts).toString("latin1") }));
      setTimeout(done, pause);
    });
  },
});
server.on("error", () => {});
server.listen(0, "127.0.0.1", () => console.log(server.server.address().port));
// It ends with whoever has started it.
process.stdin.on("end", () => process.exit()).resume();
