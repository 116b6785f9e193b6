// What is done inside a Postgres, ours or another's: a role and a database for each service, clones of a template.
import pg from 'pg';
import { scramVerifier } from './scram.js';

/** One administrator's way into a server; every call has a connection of its own, bounded in time. */
export class Databases {
  readonly #adminUrl: string;
  readonly #installation: string | undefined;

  /** `installation`: whose databases these are. What another one has made is then refused, and not what nobody has claimed. */
  constructor(adminUrl: string, installation?: string) {
    this.#adminUrl = adminUrl;
    this.#installation = installation;
  }

  /**
   * Makes sure that the role `name` with this password exists and owns a database `name` that only it (and the
   * administrator) may connect to; answers that database's URL. Existing data stay; the password becomes the given one.
   */
  async ensureDatabase(name: string, { password }: { password: string }): Promise<string> {
    const id = identifier(name);
    const secret = pg.escapeLiteral(scramVerifier(password));
    await this.#asAdmin(async (client) => {
      await client.query(`select pg_advisory_lock(hashtext('lockstep: databases'))`); // till the connection ends
      await this.#refuseForeign(client, name);
      const role = await client.query('select from pg_roles where rolname = $1', [name]);
      await client.query(`${role.rowCount ? 'alter' : 'create'} role ${id} login password ${secret}`);
      const database = await client.query('select from pg_database where datname = $1', [name]);
      if (!database.rowCount) {
        await grantToSelf(client, id);
        await client.query(`create database ${id} owner ${id} template template0`);
        await client.query(`revoke connect on database ${id} from public`);
      }
      if (this.#installation)
        await client.query(`comment on database ${id} is ${pg.escapeLiteral(owner + this.#installation)}`);
    });
    return this.#url(name, name, password);
  }

  async #refuseForeign(client: pg.Client, name: string): Promise<void> {
    if (!this.#installation) return;
    const found = await client.query<{ comment: string | null }>(
      `select shobj_description(oid, 'pg_database') as comment from pg_database where datname = $1`,
      [name],
    );
    const comment = found.rows[0]?.comment;
    if (!comment?.startsWith(owner) || comment === owner + this.#installation) return;
    throw new Error(
      `The database ${name} at ${new URL(this.#adminUrl).host} belongs to another installation of Lockstep: two would share it and ` +
        `lock each other out. Give DATABASE_URL another server, or LOCKSTEP_DATA the data directory of that installation. If that one is ` +
        `gone for good, run for each of its databases: comment on database ${pg.escapeIdentifier(name)} is null;`,
    );
  }

  /**
   * Makes the database `name` as a copy of the one at `templateUrl`, with the same owner and login; answers its URL.
   * Nobody may be connected to the template: Postgres waits 5 s for that, then refuses.
   */
  async cloneDatabase(templateUrl: string, name: string): Promise<string> {
    const url = new URL(templateUrl);
    const template = url.pathname.slice(1);
    const owner = decodeURIComponent(url.username);
    await this.#asAdmin(async (client) => {
      await client.query(
        `create database ${identifier(name)} owner ${identifier(owner)} template ${identifier(template)}`,
      );
      await client.query(`revoke connect on database ${identifier(name)} from public`);
    });
    return this.#url(name, owner, decodeURIComponent(url.password));
  }

  /** Drops the database, ending its connections, and the role of the same name. Neither has to exist. */
  async dropDatabase(name: string): Promise<void> {
    await this.#asAdmin(async (client) => {
      await this.#refuseForeign(client, name);
      await client.query(`drop database if exists ${identifier(name)} with (force)`);
      await client.query(`drop role if exists ${identifier(name)}`);
    });
  }

  /** Closes the databases that every server has to the roles of services: they connect to their own, no other. */
  async closeCommonDatabases(): Promise<void> {
    await this.#asAdmin((client) => client.query('revoke connect on database postgres, template1 from public'));
  }

  /** The server's version, "18.4", when this login may do all of the above; throws a sentence that says what is missing. */
  async check(): Promise<string> {
    return this.#asAdmin(async (client) => {
      const found = await client.query<Abilities>(
        `select current_user as role, rolsuper or rolcreatedb as "mayCreateDatabases",
                rolsuper or rolcreaterole as "mayCreateRoles",
                current_setting('server_version') as version, current_setting('server_version_num')::int as number
         from pg_roles where rolname = current_user`,
      );
      const { role, mayCreateDatabases, mayCreateRoles, version, number } = found.rows[0]!;
      if (number < 180_000) throw new Error(`DATABASE_URL leads to Postgres ${version}; Lockstep needs 18 or newer.`);
      if (!mayCreateDatabases || !mayCreateRoles) {
        throw new Error(
          `The role "${role}" of DATABASE_URL must be able to create databases and roles, one for each service. ` +
            `As an administrator, run: alter role ${pg.escapeIdentifier(role)} createdb createrole;`,
        );
      }
      return version;
    });
  }

  #url(database: string, user: string, password: string): string {
    const url = new URL(this.#adminUrl);
    url.username = encodeURIComponent(user);
    url.password = encodeURIComponent(password);
    url.pathname = `/${database}`;
    return url.href;
  }

  async #asAdmin<T>(act: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({
      connectionString: this.#adminUrl,
      connectionTimeoutMillis: 10_000,
      statement_timeout: 60_000,
      application_name: 'lockstep',
    });
    client.on('error', () => undefined); // a lost connection also fails the query under way, and that one is awaited
    try {
      await client.connect();
      return await act(client);
    } finally {
      await client.end();
    }
  }
}

const owner = 'lockstep installation ';

interface Abilities {
  role: string;
  mayCreateDatabases: boolean;
  mayCreateRoles: boolean;
  version: string;
  number: number;
}

/** Since Postgres 16 whoever creates a role may administer it, but not own things in its name unless it grants itself that. */
async function grantToSelf(client: pg.Client, id: string): Promise<void> {
  const admin = await client.query<{ super: boolean }>(
    'select rolsuper as super from pg_roles where rolname = current_user',
  );
  if (!admin.rows[0]!.super) await client.query(`grant ${id} to current_user with inherit true, set true`);
}

/** Plain names only: Postgres would cut a longer one off, and in a URL not every other character survives the driver. */
function identifier(name: string): string {
  if (/^[\w-]{1,63}$/.test(name)) return pg.escapeIdentifier(name);
  throw new Error(`"${name}" is no database name: letters, digits, _ and -, at most 63 of them.`);
}
