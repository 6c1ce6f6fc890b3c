import { IncomingMessage, ServerResponse } from "node:http";

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** What a path with parameters such as `/users/{id}` is matched with. */
export interface Route<Params extends Record<string, string> = Record<string, string>> {
  readonly pattern: RegExp;
  handle(params: Params): Promise<string>;
}

export enum Method {
  Get = "GET",
  Post = "POST",
}

function logged(target: unknown, name: string, descriptor: PropertyDescriptor) {
  const wrapped = descriptor.value;
  descriptor.value = function (...args: unknown[]) {
    console.log(`${name}(${args.map((arg) => JSON.stringify(arg)).join(", ")}) {`);
    return wrapped.apply(this, args);
  };
}

export abstract class Router<T extends Route = Route> {
  private readonly routes = new Map<string, T>();

  constructor(private readonly prefix: string = "/") {}

  @logged
  add(method: Method, path: string, route: T): this {
    const escaped = path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    this.routes.set(`${method} ${this.prefix}${escaped}`, route);
    return this;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [key, route] of this.routes) {
      if (key.startsWith(request.method ?? "") && route.pattern.test(request.url ?? "")) {
        response.end(await route.handle({ url: request.url ?? "" }));
        return;
      }
    }
    response.statusCode = 404;
    response.end("{\"title\": \"nothing here\"}");
  }
}

export const ok: Handler = async (_request, response) => {
  response.end("ok }");
};
