/** Something that is done again and again, but only while somebody can see its element. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

export class VisiblePoll implements ReactiveController {
  readonly #element: Element;
  readonly #poll: () => void;
  readonly #intervalMs: () => number;
  #observer: IntersectionObserver | undefined;
  #isInView = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `intervalMs` is asked after each time. */
  constructor(
    host: ReactiveControllerHost & Element,
    poll: () => void,
    intervalMs: () => number = () => 1000,
  ) {
    this.#element = host;
    this.#poll = poll;
    this.#intervalMs = intervalMs;
    host.addController(this);
  }

  hostConnected(): void {
    this.#observer = new IntersectionObserver((entries) => {
      this.#isInView = entries.at(-1)?.isIntersecting ?? false;
      this.#follow();
    });
    this.#observer.observe(this.#element);
    document.addEventListener('visibilitychange', this.#follow);
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    this.#isInView = false;
    document.removeEventListener('visibilitychange', this.#follow);
    this.#follow();
  }

  /** Now, and from then on as before. */
  now(): void {
    this.#follow();
  }

  readonly #follow = (): void => {
    clearTimeout(this.#timer);
    if (!this.#isInView || document.visibilityState === 'hidden') return;
    this.#poll();
    this.#timer = setTimeout(this.#follow, this.#intervalMs());
  };
}
