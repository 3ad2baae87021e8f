/**
 * A binary heap of timer lists, the earliest `expiry` on top. Each list knows its place in the
 * heap (`position`), so that one in the middle can be moved or removed without a search.
 */
'use strict';

class PriorityQueue {
  #heap = [];

  /** The list that expires first; undefined if there is none. */
  peek() {
    return this.#heap[0];
  }

  insert(list) {
    list.position = this.#heap.length;
    this.#heap.push(list);
    this.#up(list);
  }

  remove(list) {
    const heap = this.#heap;
    const position = list.position;
    if (heap[position] !== list) return;
    const last = heap.pop();
    list.position = -1;
    if (last === list) return;
    this.#place(last, position);
    this.#up(last);
    this.moveDown(last);
  }

  /** Restores the order after `expiry` of `list` has grown. */
  moveDown(list) {
    const heap = this.#heap;
    let position = list.position;
    for (;;) {
      let child = position * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && earlier(heap[child + 1], heap[child])) child++;
      if (!earlier(heap[child], list)) break;
      this.#place(heap[child], position);
      position = child;
    }
    this.#place(list, position);
  }

  #up(list) {
    const heap = this.#heap;
    let position = list.position;
    while (position > 0) {
      const parent = (position - 1) >> 1;
      if (!earlier(list, heap[parent])) break;
      this.#place(heap[parent], position);
      position = parent;
    }
    this.#place(list, position);
  }

  #place(list, position) {
    this.#heap[position] = list;
    list.position = position;
  }
}

/** Lists that expire together run in the order they were (re)scheduled. */
function earlier(a, b) {
  return a.expiry < b.expiry || (a.expiry === b.expiry && a.id < b.id);
}

module.exports = PriorityQueue;
